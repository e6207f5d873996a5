import type { Database } from './database.ts';

/** A server in recovery has written nothing itself; it has what it replayed. */
const POSITION = `SELECT CASE WHEN pg_is_in_recovery() THEN pg_last_wal_replay_lsn()
  ELSE pg_current_wal_insert_lsn() END::text AS position`;
/** How many samples are kept: those of some minutes. */
const MOST_SAMPLES = 600;

/** How far the primary had written, at times: by that, standbys are timed. */
export class PrimaryLog {
  readonly #samples: { time: number; position: bigint }[] = [];

  /** Asks the primary how far it has written. */
  async sample(primary: Database): Promise<string> {
    const [row = {}] = await primary.readOnce((db) => db.rows(POSITION));
    const position = String(row.position);
    this.#samples.push({ time: performance.now(), position: numberOf(position) });
    if (this.#samples.length > MOST_SAMPLES) this.#samples.shift();
    return position;
  }

  /** Whether a standby has replayed all that the primary had written when it was asked last. */
  hasAll(replayed: string): boolean {
    const latest = this.#samples.at(-1);
    return latest === undefined || numberOf(replayed) >= latest.position;
  }

  /**
   * How long ago the primary had written no more than a standby has replayed, in milliseconds; null where
   * that was before the first sample.
   */
  lagOf(replayed: string): number | null {
    if (this.hasAll(replayed)) return 0;
    const reached = numberOf(replayed);
    const at = this.#samples.findLastIndex(({ position }) => position <= reached);
    const missed = at === -1 ? undefined : this.#samples[at + 1];
    return missed === undefined ? null : Math.round(performance.now() - missed.time);
  }
}

/** A position in the log, `16/B374D848`, as a number. */
function numberOf(position: string): bigint {
  const [high = '0', low = '0'] = position.split('/');
  return (BigInt(`0x${high}`) << 32n) + BigInt(`0x${low}`);
}
