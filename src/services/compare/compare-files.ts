import { filesOf } from '../../repository/file-items.ts';
import { digestOfFile, type ImportedFileKey, keyOfFile } from '../../repository/imported-file.ts';
import type { RunStore } from '../../repository/run-store.ts';
import { bytesOfPiece } from '../../repository/source-piece.ts';
import type { CompareReport } from './compare-report.ts';
import { mergeSorted } from './merge-sorted.ts';

/** Which files that runs were imported from two stores know otherwise, or of which they keep other bytes. */
export async function compareFiles(
  first: RunStore,
  second: RunStore,
): Promise<CompareReport['files']> {
  const differences: CompareReport['files'] = [];
  for await (const [a, b] of mergeSorted(filesOf(first), filesOf(second), byKey)) {
    if (a === null) differences.push({ ...nameOf(b), what: 'only in the second' });
    else if (b === null) differences.push({ ...nameOf(a), what: 'only in the first' });
    else if (digestOfFile(a) !== digestOfFile(b) || !(await haveSameBytes(first, second, a))) {
      differences.push({ ...nameOf(a), what: 'differs' });
    }
  }
  return differences;
}

function byKey(a: ImportedFileKey, b: ImportedFileKey): number {
  return Buffer.compare(keyOfFile(a), keyOfFile(b));
}

function nameOf({ agent, path, generation }: ImportedFileKey): ImportedFileKey {
  return { agent, path, generation };
}

/** A piece that both lack is the end. */
async function haveSameBytes(
  first: RunStore,
  second: RunStore,
  file: ImportedFileKey,
): Promise<boolean> {
  for (let ordinal = 0; ; ordinal += 1) {
    const [a, b] = [
      await first.sourcePiece(file, ordinal),
      await second.sourcePiece(file, ordinal),
    ];
    if (a === null && b === null) return true;
    if (a === null || b === null || a.hash !== b.hash) return false;
    if (Buffer.compare(a.packed, b.packed) !== 0) return false;
    // Bytes that are damaged alike on both sides are not what was kept.
    if ((await bytesOfPiece(a)) === null) return false;
  }
}
