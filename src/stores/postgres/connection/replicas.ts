import { setTimeout as sleep } from 'node:timers/promises';
import { type ErrorCode, RunledgerError } from '../../../repository/errors.ts';
import type { ReplicaState } from '../../../repository/run-store.ts';
import type { SqlRow } from '../../sql/columns.ts';
import type { Connection } from './connection.ts';
import type { Database } from './database.ts';
import { PrimaryLog } from './primary-log.ts';

/** A standby that is further behind is left out until it has caught up, unless it is said otherwise. */
const MOST_LAG_MS = 10_000;
/** So often standbys are looked at while reads are made. */
const LOOK_EVERY_MS = 1_000;

/** A standby that does not even say how far it is for so long is as good as dead. */
export const MOST_SILENCE_MS = 2_000;

/** Failures of a read that another server would answer alike. */
const FINAL: readonly ErrorCode[] = ['TIMEOUT', 'CLOSED', 'INVALID', 'POSITION_UNKNOWN'];
/** One that is a moment behind is given so long to show that it is no more than that. */
const TRIES_TO_CATCH_UP = 5;
const PAUSE_MS = 50;

const STATE = `SELECT pg_is_in_recovery() AS is_standby, pg_last_wal_replay_lsn()::text AS replayed,
  (extract(epoch FROM clock_timestamp() - pg_last_xact_replay_timestamp()) * 1000)::float8 AS age,
  (SELECT system_identifier FROM pg_control_system())::text AS cluster`;
const HAS_REPLAYED = `SELECT pg_is_in_recovery()
  AND coalesce(pg_last_wal_replay_lsn() >= $1::pg_lsn, false) AS has_replayed`;
const CLUSTER = 'SELECT (SELECT system_identifier FROM pg_control_system())::text AS cluster';

/** How a standby is reached. */
export interface ReplicaAccess {
  /** What reads are asked of. */
  database: Database;
  /** What it is looked at by: one connection, which no read keeps busy. */
  lookout: Database;
}

/** One standby, and what is known of it. */
class Replica {
  readonly database: Database;
  readonly lookout: Database;
  lagMs: number | null = null;
  problem: string | null = 'not looked at yet';
  /** What it said of itself when it was last looked at, or why it said nothing. */
  state: SqlRow | RunledgerError | undefined;

  constructor({ database, lookout }: ReplicaAccess) {
    this.database = database;
    this.lookout = lookout;
  }

  get isUsed(): boolean {
    return this.problem === null;
  }
}

/**
 * The standbys that reads are asked of, in turn. A caller reads its own writes: after one, a standby is
 * used when it has replayed as far as the primary had written at the first read since. One that fails or
 * lags is left out, and taken back when it is well again.
 */
export class Replicas {
  readonly #primary: Database;
  readonly #replicas: readonly Replica[];
  readonly #log = new PrimaryLog();
  readonly #mostLagMs: number;
  #next = 0;
  #hasWritten = false;
  /** How far a standby must be; null before the first write. */
  #needed: Promise<string | null> = Promise.resolve(null);
  #lookedAt = Number.NEGATIVE_INFINITY;
  #looking: Promise<void> | undefined;

  constructor(
    primary: Database,
    standbys: readonly ReplicaAccess[],
    mostLagMs: number = MOST_LAG_MS,
  ) {
    this.#primary = primary;
    this.#mostLagMs = mostLagMs;
    this.#replicas = standbys.map((standby) => new Replica(standby));
  }

  /** Something was written: the next read has to see it. */
  noteWrite(): void {
    this.#hasWritten = true;
  }

  /** Refuses a server that is no standby of the primary; one that cannot be asked is left out. */
  async check(): Promise<void> {
    if (this.#replicas.length === 0) return;
    const [row] = await this.#primary.read((db) => db.rows(CLUSTER));
    await this.#look();
    for (const { database, problem, state } of this.#replicas) {
      if (state instanceof RunledgerError) {
        process.emitWarning(`${database.location} is left out: ${problem}`, 'RunledgerWarning');
      } else if (state?.is_standby !== 1 || state.cluster !== row?.cluster) {
        throw noReplica(database.location, this.#primary.location, state?.is_standby === 1);
      }
    }
  }

  /** Does reading work on a standby where one is well and far enough, else on the primary. */
  async read<T>(work: (db: Connection) => Promise<T>, isSnapshot = false): Promise<T> {
    const onPrimary = () => (isSnapshot ? this.#primary.snapshot(work) : this.#primary.read(work));
    if (this.#replicas.length === 0) return await onPrimary();
    this.#lookNowAndThen();
    const replica = this.#pick();
    if (replica === undefined) return await onPrimary();
    let needed: string | null;
    try {
      needed = await this.#neededPosition();
    } catch {
      // The primary is away: asked itself, it is waited for.
      return await onPrimary();
    }
    const looking = setInterval(() => this.#lookNowAndThen(), LOOK_EVERY_MS).unref();
    try {
      const found = await this.#readOn(replica, work, { needed, isSnapshot });
      if (found !== null) return found.result;
    } catch (error) {
      // What took too long there takes as long elsewhere.
      const isFinal = !(error instanceof RunledgerError) || FINAL.includes(error.code);
      if (isFinal) throw error;
      if (error.code === 'UNREACHABLE') replica.problem = error.message;
    } finally {
      clearInterval(looking);
    }
    return await onPrimary();
  }

  /** What is known of the standbys, looked at now. */
  async states(): Promise<ReplicaState[]> {
    await this.#look();
    return this.#replicas.map(({ database, isUsed, lagMs, problem }) => ({
      location: database.location,
      isUsed,
      lagMs,
      problem,
    }));
  }

  async close(): Promise<void> {
    await this.#looking;
    const all = this.#replicas.flatMap(({ database, lookout }) => [database, lookout]);
    await Promise.all(all.map((one) => one.close()));
  }

  #pick(): Replica | undefined {
    const usable = this.#replicas.filter(({ isUsed }) => isUsed);
    this.#next += 1;
    return usable[this.#next % usable.length];
  }

  /** Null for a standby that is not far enough. */
  async #readOn<T>(
    { database }: Replica,
    work: (db: Connection) => Promise<T>,
    { needed, isSnapshot }: { needed: string | null; isSnapshot: boolean },
  ): Promise<{ result: T } | null> {
    const whenFarEnough = async (db: Connection) => {
      const [row] = needed === null ? [] : await db.prepared(HAS_REPLAYED, [needed]);
      if (needed !== null && row?.has_replayed !== 1) return null;
      return { result: await work(db) };
    };
    return isSnapshot ? database.snapshotOnce(whenFarEnough) : database.readOnce(whenFarEnough);
  }

  /** A write cannot say where it ended: it is asked for at the first read after it, for all reads. */
  #neededPosition(): Promise<string | null> {
    if (!this.#hasWritten) return this.#needed;
    this.#hasWritten = false;
    this.#needed = this.#log.sample(this.#primary);
    this.#needed.catch(() => {
      this.#hasWritten = true;
    });
    return this.#needed;
  }

  #lookNowAndThen(): void {
    if (this.#looking !== undefined || performance.now() - this.#lookedAt < LOOK_EVERY_MS) return;
    // Reads do not wait for it; what it finds is for those that come after.
    this.#looking = this.#look()
      .catch((error: unknown) => process.emitWarning(String(error), 'RunledgerWarning'))
      .finally(() => {
        this.#looking = undefined;
      });
  }

  async #look(): Promise<void> {
    try {
      await this.#log.sample(this.#primary);
    } catch (error) {
      // While the primary is away, how far standbys are behind cannot be told.
      if (!(error instanceof RunledgerError)) throw error;
    }
    await Promise.all(this.#replicas.map((replica) => this.#lookAt(replica)));
    this.#lookedAt = performance.now();
  }

  async #lookAt(replica: Replica): Promise<void> {
    const { database, lookout } = replica;
    // What is asked of one that is silent is then asked of another.
    const silence = setTimeout(() => lookout.disconnect(), MOST_SILENCE_MS).unref();
    try {
      let state = await stateOf(lookout);
      for (let tries = 1; tries < TRIES_TO_CATCH_UP && this.#isBehind(state); tries += 1) {
        await sleep(PAUSE_MS);
        state = await stateOf(lookout);
      }
      replica.state = state;
      const isStandby = state.is_standby === 1;
      replica.lagMs = isStandby ? this.#lagOf(state) : null;
      if (!isStandby) replica.problem = 'it is no standby';
      else if (replica.lagMs === null) replica.problem = 'how far it is behind is not known';
      else if (replica.lagMs > this.#mostLagMs)
        replica.problem = `it is ${replica.lagMs} ms behind`;
      else replica.problem = null;
    } catch (error) {
      if (!(error instanceof RunledgerError)) throw error;
      if (error.code === 'UNREACHABLE') database.disconnect();
      replica.state = error;
      replica.problem = error.message;
      replica.lagMs = null;
    } finally {
      clearTimeout(silence);
    }
  }

  #isBehind(state: SqlRow): boolean {
    return state.is_standby === 1 && !this.#log.hasAll(String(state.replayed));
  }

  /**
   * By the log of the primary, as far as that was watched from here; else by what the standby says. It
   * counts from the last transaction that it replayed, which tells how late it is only while it is behind.
   */
  #lagOf(state: SqlRow): number | null {
    const watched = this.#log.lagOf(String(state.replayed));
    if (watched !== null) return watched;
    return typeof state.age === 'number' ? Math.max(0, Math.round(state.age)) : null;
  }
}

async function stateOf(lookout: Database): Promise<SqlRow> {
  const [state = {}] = await lookout.readOnce((db) => db.rows(STATE));
  return state;
}

function noReplica(location: string, primary: string, isStandby: boolean): RunledgerError {
  const what = isStandby ? `is a standby of another server than ${primary}` : 'is no standby';
  return new RunledgerError('INVALID', `The replica ${location} ${what}.`, {
    hint: 'Name servers under `replicas` that replicate from the one of the store, or none.',
  });
}
