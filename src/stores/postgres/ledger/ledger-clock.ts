import { randomInt } from 'node:crypto';
import { hasChanged, type WriteOutcome } from '../../../repository/write-operation.ts';
import type { SqlValue } from '../../sql/columns.ts';
import type { WriteMoment } from './ledger-statement.ts';

/** The clock of a ledger: in this process no change is before one that was made earlier. */
export class LedgerClock {
  readonly #now: () => number;
  #latest: number;

  /** `now` is the clock, in milliseconds since 1970. */
  constructor(now: () => number, latest = Number.NEGATIVE_INFINITY) {
    this.#now = now;
    this.#latest = latest;
  }

  /** When and for whom a write is made. */
  moment(origin: SqlValue): WriteMoment {
    const now = this.#now();
    return { now, at: Math.max(now, this.#latest), origin, mark: randomInt(2 ** 48 - 1) };
  }

  /** A write is over: its time counts when it changed something. */
  note({ at }: Pick<WriteMoment, 'at'>, outcomes: readonly WriteOutcome[]): void {
    if (hasChanged(outcomes)) this.noteTime(at);
  }

  noteTime(at: number): void {
    this.#latest = Math.max(this.#latest, at);
  }

  /** The clock of a transaction, whose times count for others when it is committed. */
  fork(): LedgerClock {
    return new LedgerClock(this.#now, this.#latest);
  }

  /** The time of the latest change. */
  get latest(): number {
    return this.#latest;
  }
}
