import { jsonSize } from '../../domain/json.ts';
import { BATCH_BYTES, BATCH_RUNS } from '../../repository/batch-limits.ts';
import { breathing } from '../../repository/breathing.ts';
import type { FileItem } from '../../repository/file-items.ts';
import type { SourceItem } from '../../repository/run-source.ts';
import type { QuarantineItem } from '../../repository/run-store.ts';
import { LONGEST_BREATH_MS } from '../../repository/work-under-way.ts';

/** A run as the source has it, or its deletion. */
export type SourceChange = Extract<SourceItem, { kind: 'run' | 'deleted' }>;

/** The run that a change is about. */
export function idOf(change: SourceChange): string {
  return change.kind === 'run' ? change.run.id : change.id;
}

/** A piece of a source, small enough to be held and written at once. */
export interface Batch {
  /** At most one for each run: of several the last. */
  changes: SourceChange[];
  /** At most one for each origin and name; none that was read as a run after it was set aside. */
  setAside: QuarantineItem[];
  /** Items that the source gave for it. */
  size: number;
  /** Stands for all up to the end of this batch; null where the source gave no mark there. */
  mark: string | null;
}

/** Cuts what a source holds into batches, one of which ends at each mark; an item may be larger than one. */
export async function* batches(
  origin: string,
  items: AsyncIterable<Exclude<SourceItem, FileItem>>,
): AsyncGenerator<Batch> {
  const breathe = breathing(LONGEST_BREATH_MS);
  let batch = emptyBatch();
  for await (const item of items) {
    await breathe();
    if (item.kind === 'mark') {
      yield finished(batch, item.mark);
      batch = emptyBatch();
      continue;
    }
    // Only now, because a mark may follow what filled it.
    if (batch.size >= BATCH_RUNS || batch.bytes >= BATCH_BYTES) {
      yield finished(batch);
      batch = emptyBatch();
    }
    batch.size += 1;
    if (item.kind === 'set-aside') {
      batch.setAside.set(keyOf(item.item), item.item);
      batch.bytes += item.item.bytes?.length ?? 0;
    } else {
      batch.byId.set(idOf(item), item);
      if (item.kind === 'run') batch.setAside.delete(keyOf({ origin, name: item.name }));
      batch.bytes += item.kind === 'run' ? jsonSize(item.run) : 0;
    }
  }
  if (batch.size > 0) yield finished(batch);
}

function keyOf({ origin, name }: Pick<QuarantineItem, 'origin' | 'name'>): string {
  return JSON.stringify([origin, name]);
}

function emptyBatch() {
  const setAside = new Map<string, QuarantineItem>();
  return { byId: new Map<string, SourceChange>(), setAside, size: 0, bytes: 0 };
}

function finished(
  { byId, setAside, size }: ReturnType<typeof emptyBatch>,
  mark: string | null = null,
): Batch {
  return { changes: [...byId.values()], setAside: [...setAside.values()], size, mark };
}
