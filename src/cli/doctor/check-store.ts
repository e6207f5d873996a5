import type { StoreConfiguration } from '../../config/store-configuration.ts';
import { RUN_STATUSES } from '../../domain/status.ts';
import { readIndexes, readSchema } from '../../open-repository.ts';
import { RunledgerError } from '../../repository/errors.ts';
import type { RunStore } from '../../repository/run-store.ts';
import { isPending } from '../../repository/schema-migration.ts';
import { callOnStore } from '../how-to-call.ts';
import { countOf, formatCount, formatDuration, formatTime } from '../output/figures.ts';
import { withStore } from '../store-access.ts';
import { brokenCheck, type Check } from './check.ts';
import { checkCopies, checkMoved } from './check-copies.ts';
import { checkMirror } from './check-mirror.ts';
import { otherStores } from './other-stores.ts';

/** The schema, and what the store holds; a store that cannot be opened is one broken check. */
export async function checkStore(
  store: StoreConfiguration,
  path: string,
  mirror: StoreConfiguration | null,
): Promise<Check[]> {
  const checks: Check[] = [];
  try {
    // The index of a folder is brought up to date whenever the folder is opened.
    if (store.type !== 'file') checks.push(await checkSchema(store));
    if (store.type === 'postgres') checks.push(...(await checkIndexes(store)));
    if (checks.some(({ state }) => state === 'broken')) return checks;
    return await withStore({ store }, 'read', async (opened) => [
      ...checks,
      await checkRuns(opened, path),
      await checkLedger(opened),
      await checkSearch(opened),
      await checkQuarantine(opened),
      ...(await checkReplicas(opened)),
      ...(await checkMoved(opened)),
      ...(await checkCopies(opened)),
      ...(mirror === null ? [] : [await checkMirror(opened, mirror)]),
    ]);
  } catch (error) {
    if (!(error instanceof RunledgerError)) throw error;
    return [...checks, brokenCheck('open', error)];
  }
}

async function checkSchema(store: StoreConfiguration): Promise<Check> {
  const migrations = await readSchema(store);
  const pending = migrations.filter(({ appliedAt }) => appliedAt === null);
  const latest = migrations.findLast(({ appliedAt }) => appliedAt !== null);
  if (pending.length === 0) return { name: 'schema', state: 'ok', text: latest?.name ?? 'none' };
  return {
    name: 'schema',
    state: 'broken',
    text: `${countOf(pending.length, 'migration')} pending`,
    hint: callOnStore('schema --apply'),
  };
}

/** The store does without them, only people's own SQL is slower; half of one costs for nothing. */
async function checkIndexes(store: StoreConfiguration): Promise<Check[]> {
  const indexes = await readIndexes(store);
  const suspect = indexes.filter((index) => isPending(index) || index.state === 'half built');
  return suspect.map(({ name, option, state, isWanted }) => ({
    name: 'index',
    state: 'warning',
    text: `${name} is ${state}, and ${option} is ${isWanted ?? 'not set'}`,
    hint:
      isWanted === null
        ? `Set ${option} to true or false, then: ${callOnStore('schema --apply')}`
        : callOnStore('schema --apply'),
  }));
}

async function checkRuns(store: RunStore, path: string): Promise<Check> {
  const { totalRuns, byStatus } = await store.statistics({});
  const counts = RUN_STATUSES.filter((status) => byStatus[status] > 0).map(
    (status) => `${formatCount(byStatus[status])} ${status}`,
  );
  if (totalRuns > 0) {
    return { name: 'runs', state: 'ok', text: `${formatCount(totalRuns)}: ${counts.join(', ')}` };
  }
  const others = await otherStores(path);
  if (others.length === 0) {
    return { name: 'runs', state: 'ok', text: 'none yet', hint: callOnStore('record --help') };
  }
  return {
    name: 'runs',
    state: 'warning',
    text: `none, but there is ${others.join(' and ')}`,
    hint: 'If that one was meant, name it with --store, or copy from it with migrate --from.',
  };
}

async function checkLedger(store: RunStore): Promise<Check> {
  const { storeId, epoch, cursor } = await store.position();
  const [oldest] = await store.changes(null, 1);
  const reach = oldest === undefined ? 'no change yet' : `back to ${formatTime(oldest.at)}`;
  const text = `${reach}, at ${cursor}, store ${storeId}, epoch ${epoch}`;
  return { name: 'ledger', state: 'ok', text };
}

async function checkSearch(store: RunStore): Promise<Check> {
  const behind = await store.catchUpSearch(0);
  if (behind === 0) return { name: 'search', state: 'ok', text: 'up to date' };
  const text = `${countOf(behind, 'change')} behind; the next search catches up`;
  return { name: 'search', state: 'ok', text };
}

async function checkReplicas(store: RunStore): Promise<Check[]> {
  const replicas = (await store.replicas?.()) ?? [];
  return replicas.map(({ location, isUsed, lagMs, problem }) =>
    isUsed
      ? { name: 'replica', state: 'ok', text: `${location}, ${lagOf(lagMs)}` }
      : {
          name: 'replica',
          state: 'warning',
          text: `${location} is left out: ${problem}`,
          hint: 'Reads go to the primary until it is well; see whether it runs and replicates.',
        },
  );
}

function lagOf(ms: number | null): string {
  if (ms === null) return 'how far behind is not known';
  return ms === 0 ? 'up to date' : `${formatDuration(ms)} behind`;
}

async function checkQuarantine(store: RunStore): Promise<Check> {
  const items = await store.quarantined(undefined, { withBytes: false });
  if (items.length === 0) return { name: 'quarantine', state: 'ok', text: 'empty' };
  return {
    name: 'quarantine',
    state: 'warning',
    text: `${countOf(items.length, 'item')} that could not be read as a run`,
    hint:
      store.kind === 'file'
        ? 'Mend or move the files: what lies in this folder is then taken as it is; of others, migrate again.'
        : 'Mend them where they came from and migrate again: what can be read is released.',
    items: items.map(({ origin, name, reason }) => ({ name: `${origin} ${name}`, reason })),
  };
}
