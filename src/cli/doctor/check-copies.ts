import type { StoreConfiguration } from '../../config/store-configuration.ts';
import { openExistingStore } from '../../open-repository.ts';
import { isRunledgerError } from '../../repository/errors.ts';
import type { RunStore } from '../../repository/run-store.ts';
import { copyLag } from '../../services/copy/copy-lag.ts';
import { type KnownCopy, knownCopies } from '../../services/copy/copy-state.ts';
import { callOf, callOnStore } from '../how-to-call.ts';
import { nameOfStore } from '../name-of-store.ts';
import { countOf, formatAgo, formatCount } from '../output/figures.ts';
import { using } from '../store-access.ts';
import { brokenCheck, type Check } from './check.ts';

/** Where a store was moved to; nothing for one that was not. */
export async function checkMoved(store: RunStore): Promise<Check[]> {
  const movedTo = await store.movedTo();
  if (movedTo === null) return [];
  return [
    {
      name: 'moved',
      state: 'warning',
      text: `to ${movedTo}: every change here is refused`,
      hint: `Use that one; or take it back: ${callOf('migrate --undo-cut-over --from <store>')}`,
    },
  ];
}

/** The copies that came into a store. */
export async function checkCopies(store: RunStore): Promise<Check[]> {
  return (await knownCopies(store)).map(checkOf);
}

function checkOf({ origin, finishedAt, report }: KnownCopy): Check {
  const { read, differences } = report;
  if (finishedAt === null) {
    const text = `from ${origin} is under way, or ended early after ${countOf(read, 'run')}`;
    const hint = 'The same command that began it goes on with it.';
    return { name: 'copy', state: 'warning', text, hint };
  }
  const ago = formatAgo(finishedAt, Date.now());
  const equal = `${countOf(read, 'run')}, ${formatCount(report.verified)} compared`;
  const text = `from ${origin}, ${ago}: ${equal}`;
  if (differences.length === 0) return { name: 'copy', state: 'ok', text };
  const items = differences.map((id) => ({ name: id, reason: 'not equal on both sides' }));
  return { name: 'copy', state: 'warning', text, items };
}

/** How far the mirror of a store is behind. */
export async function checkMirror(store: RunStore, mirror: StoreConfiguration): Promise<Check> {
  const name = nameOfStore(mirror);
  try {
    const opened = await openExistingStore(mirror);
    const lag = opened === null ? null : await using(opened, (target) => copyLag(store, target));
    if (lag === null) {
      const hint = callOnStore('mirror');
      return { name: 'mirror', state: 'warning', text: `${name} is not there yet`, hint };
    }
    if (lag.since === null) return { name: 'mirror', state: 'ok', text: `${name}, up to date` };
    const behind = `${lag.isMore ? 'more than ' : ''}${countOf(lag.changes, 'change')} behind`;
    const text = `${name}, ${behind}: the first was ${formatAgo(lag.since, Date.now())}`;
    return { name: 'mirror', state: 'ok', text, hint: `Is "${callOnStore('mirror')}" running?` };
  } catch (error) {
    if (!isRunledgerError(error)) throw error;
    return { ...brokenCheck('mirror', error), state: 'warning' };
  }
}
