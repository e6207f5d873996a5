import { lineOf } from '../backup-record.ts';
import type { BackupContent, BackupFormat } from './backup-format.ts';
import { framedRecords, manifestFrame, readEndFrame, sealFrame } from './framed.ts';
import { FRAME_MAGIC, framesOfLines, SKIPPED_MAGIC } from './zstd-frames.ts';

/**
 * Lines of JSON in frames of Zstandard, so that `zstd -dc` reads them; manifest and seal are in a last
 * frame that it passes over.
 */
export const ndjsonFormat: BackupFormat = {
  extension: '.ndjson.zst',
  isBegunBy(bytes) {
    const magic = bytes.subarray(0, 4);
    // One that holds nothing begins with its manifest.
    return magic.equals(FRAME_MAGIC) || magic.equals(SKIPPED_MAGIC);
  },
  async *encode({ records, manifest }) {
    yield* framesOfLines(linesOf(records));
    yield manifestFrame(Buffer.from(JSON.stringify(manifest())));
  },
  seal: sealFrame,
  readEnd: readEndFrame,
  records: (bytes, wanted) => framedRecords(bytes, wanted, 0),
};

/** Records as lines without their ends. */
export async function* linesOf(
  records: BackupContent['records'],
): AsyncGenerator<string, void, void> {
  for await (const record of records) yield lineOf(record);
}
