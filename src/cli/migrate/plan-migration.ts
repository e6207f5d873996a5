import { dirname } from 'node:path';
import { readStoreTarget } from '../../config/store-target.ts';
import { openExistingStore, openRunSource, openRunStore } from '../../open-repository.ts';
import type { ConflictWinner } from '../../services/copy/copy-report.ts';
import { type CopyPlan, planCopy } from '../../services/copy/plan-copy.ts';
import { freeBytes } from '../doctor/check-surroundings.ts';
import { interruptSignal } from '../interrupts.ts';
import { openWithProgress } from '../open-with-progress.ts';
import { formatDifferences, formatSetAside } from '../output/copy-text.ts';
import { countOf, formatBytes, formatCount, formatDuration } from '../output/figures.ts';
import { formatLabels } from '../output/labels.ts';
import { withProgress } from '../output/progress.ts';
import { using } from '../store-access.ts';
import type { TwoStores } from './stores.ts';

/** What a migration would do; the document of `migrate --dry-run --json`, but for its version. */
export interface MigrationPlan extends CopyPlan {
  from: string;
  to: string;
  dryRun: true;
  /** False: the target would be made. */
  targetExists: boolean;
  /** Room on the disk of the target; null for a server, which does not tell. */
  freeBytes: number | null;
  /** About how long copying and verifying would take, in milliseconds. */
  estimatedMs: number;
}

/**
 * How much longer a copy takes than reading its source alone, with full verification: about what
 * `npm run bench -- --only migration` shows. Files are each made safe by themselves.
 */
const TIMES_AS_LONG = { memory: 2, sqlite: 4, postgres: 4, file: 9 } as const;

/** Finds out what a migration would do. */
export async function planMigration(
  { source, target, from, to }: TwoStores,
  onConflict: ConflictWinner | undefined,
): Promise<MigrationPlan> {
  return using(
    await openWithProgress((progress) => openRunSource(source, progress)),
    async (runs) => {
      const existing = await openWithProgress((progress) => openExistingStore(target, progress));
      const plan = await using(existing ?? (await openRunStore('memory:')), (store) => {
        const signal = interruptSignal('nothing was changed');
        return withProgress((progress) =>
          planCopy(runs, store, {
            signal,
            ...(onConflict && { onConflict }),
            onProgress: ({ done, total }) => progress.update('Reading', done, total),
          }),
        );
      });
      const place = readStoreTarget(target);
      return {
        ...{ from, to, dryRun: true as const, targetExists: existing !== null, ...plan },
        freeBytes:
          place.kind === 'sqlite' || place.kind === 'file'
            ? await freeBytes(dirname(place.path))
            : null,
        estimatedMs: plan.readMs * TIMES_AS_LONG[place.kind],
      };
    },
  );
}

/** A plan, as a page of text. */
export function formatPlan(plan: MigrationPlan, width: number): string {
  const { written, unchanged, bytes, freeBytes: free, differences, setAside } = plan;
  const head = formatLabels(
    [
      ['From', plan.from],
      ['To', plan.targetExists ? plan.to : `${plan.to} (would be made)`],
      ['Read', countOf(plan.read, 'run')],
      ['To write', `${formatCount(written)}, about ${formatBytes(bytes)} as JSON`],
      ['Unchanged', formatCount(unchanged)],
      ['Free disk', free !== null && formatBytes(free)],
      ['Time', written > 0 && `about ${formatDuration(plan.estimatedMs)}`],
    ],
    width,
  );
  const tight = free !== null && bytes > free / 2 ? 'The disk may become full.\n' : '';
  return [head + tight, formatSetAside(setAside, width, true), formatDifferences(differences)]
    .filter((part) => part !== '')
    .join('\n');
}
