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

  /**
   * How long ago the primary had written no more than a standby has replayed, in milliseconds; 0 for one
   * that has all of it, null where that was before the first sample.
   */
  lagOf(replayed: string): number | null {
    const reached = numberOf(replayed);
    const latest = this.#samples.at(-1);
    if (latest === undefined || reached >= latest.position) return 0;
    const missed = this.#samples.find(({ position }) => position > reached);
    return missed === undefined ? null : Math.round(performance.now() - missed.time);
  }
}

/** A position in the log, `16/B374D848`, as a number. */
function numberOf(position: string): bigint {
  const [high = '0', low = '0'] = position.split('/');
  return (BigInt(`0x${high}`) << 32n) + BigInt(`0x${low}`);
}
