import type { CopyReport } from '../../services/copy/copy-report.ts';
import { formatDifferences } from './copy-text.ts';
import { countOf, formatCount, formatDuration, formatTime } from './figures.ts';
import { formatLabels } from './labels.ts';
import { paint } from './style.ts';

/** What a try to restore a backup came to. */
export interface DrillReport extends CopyReport {
  /** The path of the backup. */
  from: string;
  /** Newer ones that are not whole, with why. */
  passedOver: { name: string; reason: string }[];
  /** The names of those that it builds on, the full one first. */
  bases: string[];
  /** The store that it was restored into; null for one that was thrown away. */
  to: string | null;
  /** The newest moment that comes back, in ISO 8601. */
  recoverableUntil: string;
  /** How long ago that is, in milliseconds. */
  age: number;
  /** How long it may be, in milliseconds; null where nothing was said. */
  maxAge: number | null;
  isTooOld: boolean;
  /** Whether that moment is yet to come, by the clock here: `age` is then negative, and says nothing. */
  isAhead: boolean;
  /** How long it took to check, restore and compare all, in milliseconds. */
  duration: number;
}

/** What a try to restore a backup came to, as a page of text. */
export function formatDrill(report: DrillReport, width: number): string {
  const { from, bases, to, verified, setAside, recoverableUntil, duration } = report;
  const age = formatDuration(Math.abs(report.age));
  const head = formatLabels(
    [
      ['Backup', from],
      ['Built on', bases.join(', ')],
      ['Restored', `${countOf(verified, 'run')}, each equal by its digest`],
      ['Put aside', setAside.length > 0 && `${formatCount(setAside.length)}, as in the store`],
      ['Into', to ?? 'a database that was thrown away'],
      ['Took', formatDuration(duration)],
      ['Up to', `${formatTime(recoverableUntil)}${report.isAhead ? '' : `, ${age} ago`}`],
    ],
    width,
  );
  return [
    head,
    notNewest(report),
    tooOld(report),
    ahead(report, age),
    formatDifferences(report.differences),
  ]
    .filter((part) => part !== '')
    .join('\n');
}

function notNewest({ passedOver }: DrillReport): string {
  if (passedOver.length === 0) return '';
  const names = passedOver.map(({ name }) => name).join(', ');
  return `${paint('red', `Not the newest: ${names} cannot be restored.`)}\n`;
}

function tooOld({ isTooOld, maxAge }: DrillReport): string {
  if (!isTooOld) return '';
  const most = formatDuration(maxAge);
  return `${paint('red', `Too old: ${most} were allowed. Look why there is no newer backup.`)}\n`;
}

function ahead({ isAhead }: DrillReport, age: string): string {
  if (!isAhead) return '';
  return `${paint('red', `That is ${age} from now: a clock is wrong, here or where it was made.`)}\n`;
}
