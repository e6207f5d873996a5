import { RunledgerError } from '../../repository/errors.ts';
import type { ImportedFileKey } from '../../repository/imported-file.ts';
import type { Transcript } from '../../repository/importer.ts';
import type { RunStore } from '../../repository/run-store.ts';
import { bytesOfPiece } from '../../repository/source-piece.ts';
import type { FileState } from './file-state.ts';

/** A file as the store keeps it: it may be gone, or be another one by now. */
export function keptFile(store: RunStore, key: ImportedFileKey, state: FileState): Transcript {
  const { size, modifiedAt, pieces } = state;
  return {
    path: key.path,
    size,
    modifiedAt,
    async *bytes() {
      for (const ordinal of pieces.keys()) {
        const piece = await store.sourcePiece(key, ordinal);
        const bytes = piece && (await bytesOfPiece(piece));
        if (bytes === null) throw damagedPiece(key, ordinal, piece === null);
        yield bytes;
      }
    },
  };
}

function damagedPiece(
  { path }: ImportedFileKey,
  ordinal: number,
  isMissing: boolean,
): RunledgerError {
  const what = isMissing ? 'is not stored' : 'is damaged';
  const message = `Of what was kept of ${path}, piece ${ordinal} ${what}.`;
  return new RunledgerError('CORRUPT', message, {
    hint: 'The store was changed by something else, or is damaged: restore the last backup.',
  });
}
