import { digestOf } from '../../../src/domain/canonical.ts';
import type { Importer, Transcript } from '../../../src/repository/importer.ts';
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
    async *items() {
      for await (const item of importer.read(files, { now, link: () => {} })) {
        yield item.kind === 'run' ? { ...item, digest: digestOf(item.run) } : item;
      }
    },
    pastOf: async () => ({ digests: [], isWhole: false }),
  };
}
