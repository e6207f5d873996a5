import type { RunStore } from '../../repository/run-store.ts';
import type { CopyReport } from '../../services/copy/copy-report.ts';
import { type KnownCopy, knownCopies } from '../../services/copy/copy-state.ts';
import { callFromStore } from '../how-to-call.ts';
import { countOf, formatAgo, formatCount } from '../output/figures.ts';
import type { Check } from './check.ts';

/** Where a store was moved to; nothing for one that was not. */
export async function checkMoved(store: RunStore): Promise<Check[]> {
  const movedTo = await store.movedTo();
  if (movedTo === null) return [];
  return [
    {
      name: 'moved',
      state: 'warning',
      text: `to ${movedTo}: every change here is refused`,
      hint: `Use that one; or take it back: ${callFromStore('migrate --undo-cut-over')}`,
    },
  ];
}

/** The copies that came into a store. */
export async function checkCopies(store: RunStore): Promise<Check[]> {
  return (await knownCopies(store)).map((copy) => {
    const { origin, startedAt, finishedAt, report } = copy;
    return { ...checkOf(copy), details: { origin, startedAt, finishedAt, report } };
  });
}

function checkOf({ origin, finishedAt, report }: KnownCopy): Check {
  const { read, differences, gone } = report;
  if (finishedAt === null) {
    const text = `from ${origin} is under way, or ended early after ${countOf(read, 'run')}`;
    const hint = 'The same command that began it goes on with it.';
    return { name: 'copy', state: 'warning', text, hint };
  }
  const text = `from ${origin}, ${formatAgo(finishedAt, Date.now())}: ${figuresOf(report)}`;
  const items = [
    ...differences.map((id) => ({ name: id, reason: 'not equal on both sides' })),
    ...gone.map((id) => ({ name: id, reason: 'in the target alone' })),
  ];
  if (items.length === 0) return { name: 'copy', state: 'ok', text };
  return { name: 'copy', state: 'warning', text, items };
}

function figuresOf({ read, verified, setAside, conflicts }: CopyReport): string {
  const figures = [
    read > 0 ? countOf(read, 'run') : 'nothing new',
    read + verified > 0 && `${formatCount(verified)} compared`,
    setAside.length > 0 && `${formatCount(setAside.length)} put aside`,
    conflicts.length > 0 && countOf(conflicts.length, 'conflict'),
  ];
  return figures.filter((figure) => figure !== false).join(', ');
}
