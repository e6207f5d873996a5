import { isRunledgerError } from '../../repository/errors.ts';
import { callsThrough, mapCalls } from '../../repository/guard/calls-through.ts';
import { OpenState } from '../../repository/guard/open-state.ts';
import { compareQuarantineItems } from '../../repository/quarantine-order.ts';
import type { RunStore } from '../../repository/run-store.ts';
import type { WriteOutcome } from '../../repository/write-operation.ts';
import { liftFence, noteFence } from '../sqlite/fence.ts';
import { tellingDamage, tellingDamageAtEnd } from './damaged-index.ts';
import { readFileRows } from './file-table.ts';
import type { Folder } from './folder.ts';
import { onlyReadableFolder } from './folder-error.ts';
import { beginInFolder } from './folder-transaction.ts';
import { readPageOfFiles, readRunFiles } from './read-run-files.ts';
import { OWN_ORIGIN, originOf } from './set-aside.ts';
import type { SourcesStore } from './sources-store.ts';

/** How often a write is tried again because another program changed its file in the same moment. */
const MOST_TRIES = 5;

/** What a file store is made of. */
export interface FileStoreParts {
  folder: Folder;
  /** The store over the index alone: what it answers is derived from the files. */
  index: RunStore;
  /** What is kept of files that runs were imported from. */
  sources: SourcesStore;
  /** False where nothing may be written. */
  isWritable: boolean;
  /** Called when the index turns out to be damaged, so that who opens the folder next makes it anew. */
  onDamage: () => Promise<void>;
  /** Lets go of everything, when no call is under way any more. */
  release: () => Promise<void>;
}

type Calls = Omit<RunStore, 'kind' | 'location' | 'capabilities' | 'close'>;

/** The port over a folder of run files and its index. */
export function fileRunStore(parts: FileStoreParts): RunStore {
  const { folder, release } = parts;
  const state = new OpenState('store');
  let closing: Promise<void> | undefined;
  return {
    kind: 'file',
    location: folder.parts.path,
    capabilities: { durable: true, manyProcesses: true },
    ...callsThrough(state, checked(callsOf(parts), parts)),
    close() {
      closing ??= state.settle().then(release);
      return closing;
    },
  };
}

function callsOf({ folder, index, sources, isWritable, onDamage }: FileStoreParts): Calls {
  const { heads, summaries, statistics, searchText, catchUpSearch, position } = index;
  const { keepTransfer, transfers, movedTo, trimLedger } = index;
  const { parts } = folder;
  const { inIndex, outside } = originsOf(folder.parts.path);
  const checkWritable = async () => {
    if (!isWritable) throw onlyReadableFolder(folder.parts.path);
  };
  return {
    ...{ heads, summaries, statistics, searchText, catchUpSearch, position },
    ...{ keepTransfer, transfers, movedTo, trimLedger },
    async flush() {
      await index.flush();
      await sources.flush();
    },
    async keepImportedFiles(changes) {
      await checkWritable();
      await sources.keepImportedFiles(changes);
    },
    importedFiles: (...given) => sources.importedFiles(...given),
    sourcePiece: (...given) => sources.sourcePiece(...given),
    read: (ids, options) => readRunFiles(folder, ids, options),
    page: (request) => readPageOfFiles(folder, request),
    async write(...given) {
      await checkWritable();
      return write(folder, ...given);
    },
    async begin() {
      await checkWritable();
      return tellingDamageAtEnd(await beginInFolder(folder), onDamage);
    },
    changes: async (...given) => (await index.changes(...given)).map(outside),
    pastChanges: async (...given) => (await index.pastChanges(...given)).map(outside),
    async changeAt(moment) {
      const entry = await index.changeAt(moment);
      return entry && outside(entry);
    },
    history: async (id) => (await index.history(id)).map(outside),
    async lastChanges(ids) {
      const last = await index.lastChanges(ids);
      return new Map(Array.from(last, ([id, entry]) => [id, outside(entry)]));
    },
    async quarantine(items) {
      await checkWritable();
      const own = originOf(folder.parts.path);
      const names = items.flatMap(({ origin, name }) => (origin === own ? name : []));
      const rows = await folder.parts.index.read((db) => readFileRows(db, names));
      // What is to say of a file that is there, the file says.
      const others = items.filter(({ origin, name }) => origin !== own || !rows.has(name));
      await index.quarantine(others.map(inIndex));
    },
    async quarantined(origin, options) {
      const wanted = origin === undefined ? undefined : inIndex({ origin }).origin;
      const items = await index.quarantined(wanted, options);
      return items.map(outside).sort(compareQuarantineItems);
    },
    async releaseQuarantined(origin, names) {
      await checkWritable();
      await index.releaseQuarantined(inIndex({ origin }).origin, names);
    },
    async fence(place) {
      await checkWritable();
      return await folder.inside(async () => {
        await parts.index.write('full', (db) => noteFence(db, place));
        return await index.position();
      });
    },
    async liftFence() {
      await checkWritable();
      await folder.inside(() => parts.index.write('full', liftFence));
    },
  };
}

/** The origin of what lies in the folder itself: in the index, which moves with it, and for others. */
function originsOf(path: string) {
  const own = originOf(path);
  return {
    inIndex: <T extends { origin: string }>(item: T): T =>
      item.origin === own ? { ...item, origin: OWN_ORIGIN } : item,
    outside: <T extends { origin: string | null }>(item: T): T =>
      item.origin === OWN_ORIGIN ? { ...item, origin: own } : item,
  };
}

/** One write is a transaction of its own. */
async function write(
  folder: Folder,
  ...given: Parameters<RunStore['write']>
): Promise<WriteOutcome[]> {
  for (let tries = 1; ; tries += 1) {
    const transaction = await beginInFolder(folder);
    try {
      const outcomes = await transaction.write(...given);
      await transaction.commit();
      return outcomes;
    } catch (error) {
      await transaction.rollback();
      if (tries >= MOST_TRIES || !isRunledgerError(error, 'CONFLICT')) throw error;
    }
  }
}

/** The same calls for a folder that is still there. */
function checked(calls: Calls, { folder, onDamage }: FileStoreParts): Calls {
  return mapCalls(calls, (call) =>
    tellingDamage(async (...given) => {
      folder.checkThere();
      return await call(...given);
    }, onDamage),
  );
}
