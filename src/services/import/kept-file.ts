import { promisify } from 'node:util';
import * as zlib from 'node:zlib';
import { RunledgerError } from '../../repository/errors.ts';
import type { ImportedFileKey } from '../../repository/imported-file.ts';
import type { Transcript } from '../../repository/importer.ts';
import type { RunStore } from '../../repository/run-store.ts';
import type { FileState } from './file-state.ts';

const decompress = promisify(zlib.zstdDecompress);

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
        if (piece === null) throw missingPiece(key, ordinal);
        yield await decompress(piece.packed);
      }
    },
  };
}

function missingPiece({ path }: ImportedFileKey, ordinal: number): RunledgerError {
  const message = `Of what was kept of ${path}, piece ${ordinal} is not stored.`;
  return new RunledgerError('CORRUPT', message, {
    hint: 'The store was changed by something else, or is damaged: restore the last backup.',
  });
}
