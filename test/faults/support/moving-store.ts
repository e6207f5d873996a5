import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { idOf, startOf } from '../../../src/conformance/make-run.ts';
import { population } from '../../../src/conformance/population.ts';
import { MODERATE_SAMPLES } from '../../../src/conformance/samples/samples.ts';
import { digestOf } from '../../../src/domain/canonical.ts';
import type { AgentRun } from '../../../src/domain/run.ts';
import { openRunStore } from '../../../src/open-repository.ts';
import type { RunStore } from '../../../src/repository/run-store.ts';
import { startChild } from '../../support/child.ts';
import { naiveDigest } from '../../support/naive-digest.ts';
import { newestServer, unusedSchema } from '../../support/postgres/fresh-store.ts';
import type { SeededRandom } from '../../support/seeded-random.ts';

/** The kinds of store that runs are moved between. */
export const MOVED_KINDS = ['file', 'sqlite', 'postgres'] as const;
/** One of them. */
export type MovedKind = (typeof MOVED_KINDS)[number];
/** Each with each other, in both orders. */
export const MOVES = MOVED_KINDS.flatMap((from) =>
  MOVED_KINDS.filter((to) => to !== from).map((to) => [from, to] as const),
);

/** The address of a new store. */
export function addressOf(kind: MovedKind, folder: string, name: string): string {
  if (kind === 'postgres') return unusedSchema(newestServer());
  return kind === 'file' ? `file:${join(folder, name)}` : `sqlite:${join(folder, `${name}.db`)}`;
}

/** Of so many runs, one has what is hard to keep: edge values, odd texts, the steps of a session. */
const EVERY = 4;
/** The large texts are what other tests are about. */
const SAMPLES = MODERATE_SAMPLES.map(({ make }) => make()).filter(
  (run) => JSON.stringify(run).length < 20_000,
);

const ORDINARY = population(1_000);

function runOf(number: number): AgentRun {
  const ordinary = ORDINARY[number % ORDINARY.length] as AgentRun;
  const sample = SAMPLES[(number / EVERY) % SAMPLES.length] ?? ordinary;
  const { id, startedAt } = { id: idOf(number), startedAt: startOf(Math.floor(number / 3)) };
  return { ...(number % EVERY === 0 ? sample : ordinary), id, startedAt };
}

/** Makes a store with so many runs, some of which were changed, and some deleted. */
export async function fillStore(address: string, count: number): Promise<void> {
  const store = await openRunStore(address, { setUp: true });
  try {
    const write = (runs: readonly AgentRun[]) =>
      store.write(
        runs.map((run) => {
          return { kind: 'put', run, digest: digestOf(run), expect: {}, stamps: 'next' } as const;
        }),
        { atomic: false, durability: 'bulk' },
      );
    for (let first = 0; first < count; first += 500) {
      const length = Math.min(500, count - first);
      const runs = Array.from({ length }, (_, n) => runOf(first + n));
      await write(runs);
      await write(runs.slice(0, 3).map((run) => ({ ...run, branch: 'changed' })));
      const id = runs.at(-1)?.id ?? '';
      await store.write([{ kind: 'delete', id, expect: {} }], { atomic: true });
    }
    await store.flush();
  } finally {
    await store.close();
  }
}

/** What each run is, version included, in the order of the store; one that comes twice is told. */
export async function contentsOf(address: string): Promise<Map<string, string>> {
  const store = await openRunStore(address, { create: false });
  try {
    return await contentsIn(store);
  } finally {
    await store.close();
  }
}

async function contentsIn(store: RunStore): Promise<Map<string, string>> {
  const contents = new Map<string, string>();
  const request = { filter: {}, order: 'oldest', limit: 500, maxBytes: 8e6 } as const;
  for (let after: { startedAt: string; id: string } | null = null; ; ) {
    const page = await store.page({ ...request, after });
    const last = page.at(-1);
    if (last === undefined) return contents;
    for (const run of page) {
      assert.ok(!contents.has(run.id), `${run.id} is there twice`);
      const { version, createdAt, updatedAt } = run;
      contents.set(run.id, [naiveDigest(run), version, createdAt, updatedAt].join(' '));
    }
    after = { startedAt: last.startedAt, id: last.id };
  }
}

/** What a move under `kill -9` came to. */
export interface KilledMove {
  kills: number;
  /** Of the program at most, in MB. */
  mostMemory: number;
  /** The document of the run that completed it. */
  report: Record<string, unknown>;
}

/** How often the memory of a process is looked at. */
const LOOK_EVERY_MS = 100;

/** Runs a command until it ends by itself, having killed it so many times at random moments. */
export async function runWithKills(
  command: readonly string[],
  { kills, longestMs, random }: { kills: number; longestMs: number; random: SeededRandom },
): Promise<KilledMove> {
  let done = 0;
  let mostMemory = 0;
  for (;;) {
    const child = startChild(command);
    const look = setInterval(() => {
      mostMemory = Math.max(mostMemory, memoryOf(child.pid));
    }, LOOK_EVERY_MS);
    let isOver = false;
    void child.ended.then(() => {
      isOver = true;
      clearInterval(look);
    });
    if (done < kills) {
      await delay(random.integer(300, longestMs));
      if (!isOver) child.kill('SIGKILL');
    }
    const { code, signal, stdout, stderr } = await child.ended;
    if (signal === 'SIGKILL') {
      done += 1;
      continue;
    }
    assert.equal(code, 0, `ended with ${code}: ${stderr}`);
    return { kills: done, mostMemory, report: JSON.parse(stdout) };
  }
}

/** The most memory that a process had resident, in MB; 0 where that cannot be seen. */
export function memoryOf(pid: number | undefined): number {
  try {
    const status = readFileSync(`/proc/${pid}/status`, 'utf8');
    return Math.round(Number(/VmHWM:\s+(\d+)/.exec(status)?.[1] ?? 0) / 1024);
  } catch {
    // It has just ended, or the system is another one.
    return 0;
  }
}
