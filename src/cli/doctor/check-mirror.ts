import type { StoreConfiguration } from '../../config/store-configuration.ts';
import { openExistingStore } from '../../open-repository.ts';
import { isRunledgerError } from '../../repository/errors.ts';
import type { RunStore } from '../../repository/run-store.ts';
import { type CopyLag, copyLag } from '../../services/copy/copy-lag.ts';
import { callOnStore } from '../how-to-call.ts';
import { nameOfStore } from '../name-of-store.ts';
import { countOf, formatAgo } from '../output/figures.ts';
import { using } from '../store-access.ts';
import { brokenCheck, type Check } from './check.ts';

/** A mirror that somebody keeps is behind for moments. */
const LONG_MS = 3_600_000;

const REASONS: Readonly<Record<Exclude<CopyLag['state'], 'copied'> | 'absent', string>> = {
  absent: 'is not there yet',
  'not begun': 'is there, and nothing was copied to it yet',
  unfinished: 'is not whole: the first copy is under way, or ended early',
  forgotten: 'has to be compared anew: the ledger does not know any more where it was left',
};

/** How far the mirror of a store is behind; a warning where that is more than an hour, or not known. */
export async function checkMirror(store: RunStore, mirror: StoreConfiguration): Promise<Check> {
  try {
    const opened = await openExistingStore(mirror);
    const lag =
      opened === null
        ? ({ state: 'absent' } as const)
        : await using(opened, (target) => copyLag(store, target));
    return { name: 'mirror', ...stateOf(lag, nameOfStore(mirror)) };
  } catch (error) {
    if (!isRunledgerError(error)) throw error;
    return { ...brokenCheck('mirror', error), state: 'warning' };
  }
}

function stateOf(lag: CopyLag | { state: 'absent' }, name: string): Omit<Check, 'name'> {
  if (lag.state !== 'copied') {
    return { state: 'warning', text: `${name} ${REASONS[lag.state]}`, hint: callOnStore('mirror') };
  }
  const { changes, isMore, since, differing } = lag;
  if (differing > 0) {
    const text = `${name}, ${countOf(differing, 'run')} not as in the store: changed there by others, or gone here`;
    return { state: 'warning', text, hint: `${callOnStore('mirror --once')} names them` };
  }
  if (since === null) return { state: 'ok', text: `${name}, up to date` };
  const now = Date.now();
  const behind = `${isMore ? 'more than ' : ''}${countOf(changes, 'change')} behind`;
  return {
    state: now - Date.parse(since) > LONG_MS ? 'warning' : 'ok',
    text: `${name}, ${behind}: the first was ${formatAgo(since, now)}`,
    hint: `Is "${callOnStore('mirror')}" running?`,
  };
}
