import assert from 'node:assert/strict';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { digestOf } from '../../../src/domain/canonical.ts';
import { openRunStore } from '../../../src/open-repository.ts';
import { startChild } from '../../support/child.ts';
import { edit, runsOf } from '../../support/list-source.ts';
import { until } from '../../support/until.ts';
import { cli } from './cli.ts';
import { contentsOf } from './moving-store.ts';

const WRITER = fileURLToPath(new URL('./steady-writer.ts', import.meta.url));

/** A move under a writer. */
export interface CutOverPlan {
  source: string;
  target: string;
  /** Writes a second. */
  rate: number;
  /** How long the source is followed before the cut-over. */
  followMs: number;
  seed: number;
}

/** What came of it. */
export interface CutOverOutcome {
  /** Writes that the writer was told are done. */
  acknowledged: number;
  /** What the writer was refused with. */
  refused: string;
  /** The document of the move. */
  report: Record<string, unknown>;
}

/**
 * Follows a source while a program writes to it, edits a run in the target, and cuts over. Checks that
 * all that was acknowledged is in the target, that both sides are equal, and that the edit stayed.
 */
export async function cutOverUnderWriter(plan: CutOverPlan): Promise<CutOverOutcome> {
  const acknowledged = new Map<string, string | null>();
  let count = 0;
  let refused = '';
  const writer = startChild(
    [process.execPath, WRITER, plan.source, `${plan.rate}`, `${plan.seed}`],
    {
      onLine(line) {
        const told = JSON.parse(line);
        if (told.refused !== undefined) refused = told.refused;
        else {
          acknowledged.set(told.id, told.digest);
          count += 1;
        }
      },
    },
  );
  await until(() => count > 0);
  let said = '';
  const stores = ['--from', plan.source, '--to', plan.target];
  const move = startChild(cli('migrate', ...stores, '--follow', '--writers-stopped', '--json'), {
    onError: (text) => {
      said += text;
    },
  });
  await until(() => said.includes('Following'));
  const edited = await editFirst(plan.target);
  await delay(plan.followMs);
  move.kill('SIGUSR2');
  const ended = await move.ended;
  assert.equal(ended.code, 0, ended.stderr);
  const written = await writer.ended;
  assert.equal(written.code, 0, written.stderr);

  const [source, target] = [await contentsOf(plan.source), await contentsOf(plan.target)];
  assert.notEqual(target.get(edited), source.get(edited), 'the edit in the target was overwritten');
  target.delete(edited);
  source.delete(edited);
  assert.deepEqual(target, source);
  for (const [id, digest] of acknowledged) {
    assert.equal(target.get(id)?.split(' ')[0] ?? null, digest, `run ${id} is not as acknowledged`);
  }
  return { acknowledged: count, refused, report: JSON.parse(ended.stdout) };
}

/** Changes the oldest run that the writer does not touch; gives its id. */
async function editFirst(address: string): Promise<string> {
  const store = await openRunStore(address, { create: false });
  try {
    const run = (await runsOf(store)).find(({ startedAt }) => startedAt > '2021');
    assert.ok(run !== undefined);
    const { version: _, createdAt: _c, updatedAt: _u, ...fields } = run;
    await edit(store, { ...fields, branch: 'edited in the target' });
    assert.notEqual(digestOf(run), digestOf({ ...run, branch: 'edited in the target' }));
    return run.id;
  } finally {
    await store.close();
  }
}
