import { nameOfFile } from '../../repository/file-items.ts';
import type { RunSource, SourceItem } from '../../repository/run-source.ts';
import { openDamagedChain } from './backup-chain.ts';
import type { BackupAccess } from './backup-file.ts';
import { type BrokenRecord, broken } from './backup-record.ts';
import { chainReader, originOf } from './backup-source.ts';
import { figure } from './figures.ts';
import { itemOf } from './former-runs.ts';

/**
 * What is whole of a damaged backup and of those that it builds on, as a source: each run that has the
 * digest it should have. The rest is set aside with its reason. Rejects with CORRUPT for what does not
 * look like a backup at all.
 */
export async function salvageSource(path: string, access: BackupAccess): Promise<RunSource> {
  const { chain, problems } = await openDamagedChain(path, access);
  const origin = originOf(chain);
  const aside = ({ name, reason }: BrokenRecord): SourceItem => {
    return { kind: 'set-aside', item: { origin, name: name ?? 'the whole', reason, bytes: null } };
  };
  return {
    origin,
    count: async () => null,
    async *items() {
      yield* problems.map(aside);
      const read = await chainReader(chain, access.newScratch, true)();
      let runs = 0;
      /** The ordinal of the piece of each file that comes next. */
      const next = new Map<string, number>();
      for await (const { record, isCurrent } of read(
        'run',
        'deleted',
        'set-aside',
        'file',
        'change',
      )) {
        if (record.kind === 'run') runs += 1;
        if (record.kind === 'file') {
          const from = record.change.pieces?.from ?? 0;
          const name = nameOfFile(record.change.file);
          // What follows a portion that is lost is not whole: the file stays as if it were not there.
          if (from === 0 || next.get(name) === from) yield record;
          else yield aside(broken(record.change.file.path, 'A part of the file is lost.'));
          next.set(name, from + (record.change.pieces?.pieces.length ?? 0));
        }
        if (!isCurrent) continue;
        if (record.kind === 'run') yield itemOf(record);
        else if (record.kind === 'set-aside') yield record;
        else if (record.kind === 'broken') yield aside(record);
      }
      const expected = chain.reduce((sum, { manifest }) => sum + (manifest?.counts.runs ?? 0), 0);
      const missing = expected - runs;
      if (missing > 0) {
        const lost = `${figure(missing)} of ${figure(expected)} runs are lost.`;
        yield aside(broken('missing runs', lost));
      }
    },
    pastOf: async () => ({ digests: [], isWhole: false }),
  };
}
