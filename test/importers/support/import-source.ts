import type { Importer, Transcript } from '../../../src/importers/importer.ts';
import type { RunSource } from '../../../src/repository/run-source.ts';

/** Files of an agent as something that runs can be copied from. */
export function importSource(
  importer: Importer,
  files: readonly Transcript[],
  { origin, now }: { origin: string; now: number },
): RunSource {
  return {
    origin,
    count: async () => null,
    items: () => importer.read(files, { now, link: () => {} }),
    pastOf: async () => ({ digests: [], isWhole: false }),
  };
}
