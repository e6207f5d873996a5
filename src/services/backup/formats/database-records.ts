import { digestOf } from '../../../domain/canonical.ts';
import type { RunPlace } from '../../../domain/cursor.ts';
import type { StoredRun } from '../../../domain/run.ts';
import type { Reading } from '../../../domain/time.ts';
import { BATCH_BYTES, BATCH_RUNS } from '../../../repository/batch-limits.ts';
import { isRunledgerError } from '../../../repository/errors.ts';
import { fileItems } from '../../../repository/file-items.ts';
import type { RunStore } from '../../../repository/run-store.ts';
import { setAsideItems } from '../../../repository/set-aside-items.ts';
import { type BackupRecord, type BrokenRecord, broken, otherDigest } from '../backup-record.ts';
import type { WantedRecords } from './backup-format.ts';

const ALL = { filter: {}, order: 'oldest', limit: BATCH_RUNS } as const;

/** The runs of a database and what it keeps set aside. What cannot be read of it is told as broken. */
export async function* databaseRecords(
  open: () => Promise<RunStore>,
  kinds: WantedRecords['kinds'],
): AsyncGenerator<BackupRecord | BrokenRecord, void, void> {
  const opened = await tried(open);
  if (!opened.ok) return yield broken(null, opened.problem);
  const store = opened.value;
  try {
    if (kinds.has('run')) yield* runsOf(store);
    if (kinds.has('set-aside')) yield* asFarAsReadable(setAsideRecords(store));
    if (kinds.has('file')) yield* asFarAsReadable(fileItems(store, { isWanted: () => true }));
  } finally {
    await store.close();
  }
}

async function* runsOf(store: RunStore): AsyncGenerator<BackupRecord | BrokenRecord, void, void> {
  let after: RunPlace | null = null;
  do {
    const page: Page = await pageAfter(store, after);
    yield* page.records;
    after = page.last;
  } while (after !== null);
}

interface Page {
  records: (BackupRecord | BrokenRecord)[];
  /** Where to go on; null at the end. */
  last: RunPlace | null;
}

async function pageAfter(store: RunStore, after: RunPlace | null): Promise<Page> {
  const page = await tried(() => store.page({ ...ALL, after, maxBytes: BATCH_BYTES }));
  if (page.ok)
    return { records: await checked(store, page.value), last: page.value.at(-1) ?? null };
  // Somewhere in it a run cannot be read: the others can, one by one.
  const summaries = await tried(() => store.summaries({ ...ALL, after }));
  if (!summaries.ok) {
    return {
      records: [broken(null, `All runs from there on are lost: ${summaries.problem}`)],
      last: null,
    };
  }
  const records: Page['records'] = [];
  for (const { id } of summaries.value) {
    const run = await tried(async () => [...(await store.read([id])).values()]);
    records.push(...(run.ok ? await checked(store, run.value) : [broken(id, run.problem)]));
  }
  return { records, last: summaries.value.at(-1) ?? null };
}

/** Beside each run lies the digest that it had when it was written. */
async function checked(store: RunStore, runs: readonly StoredRun[]): Promise<Page['records']> {
  const heads = await store.heads(runs.map(({ id }) => id));
  return runs.map((run) => {
    const digest = digestOf(run);
    return heads.get(run.id)?.digest === digest
      ? { kind: 'run', run, digest }
      : otherDigest(run.id);
  });
}

async function* setAsideRecords(store: RunStore): AsyncGenerator<BackupRecord, void, void> {
  for await (const item of setAsideItems(store)) yield { kind: 'set-aside', item };
}

/** Records up to the first that cannot be read. */
async function* asFarAsReadable(
  records: AsyncGenerator<BackupRecord, void, void>,
): AsyncGenerator<BackupRecord | BrokenRecord, void, void> {
  for (;;) {
    const next = await tried(() => records.next());
    if (!next.ok) return yield broken(null, next.problem);
    if (next.value.done) return;
    yield next.value.value;
  }
}

async function tried<T>(read: () => Promise<T>): Promise<Reading<T>> {
  try {
    return { ok: true, value: await read() };
  } catch (error) {
    if (!isRunledgerError(error, 'CORRUPT')) throw error;
    return { ok: false, problem: error.message };
  }
}
