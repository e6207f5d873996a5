import { isRunledgerError, RunledgerError } from '../../repository/errors.ts';
import type { ReplicaState } from '../../repository/run-store.ts';
import type { SqlRow } from '../sql/columns.ts';
import type { Connection } from './connection.ts';
import type { Database } from './database.ts';
import { PrimaryLog } from './primary-log.ts';

/** A standby that is further behind is left out until it has caught up. */
const MOST_LAG_MS = 10_000;
/** So often standbys are looked at while reads are made. */
const LOOK_EVERY_MS = 1_000;

/** A standby that does not even say how far it is for so long is as good as dead. */
const MOST_SILENCE_MS = 2_000;

const STATE = `SELECT pg_is_in_recovery() AS is_standby, pg_last_wal_replay_lsn()::text AS replayed,
  (SELECT system_identifier FROM pg_control_system())::text AS cluster`;
const HAS_REPLAYED = `SELECT pg_is_in_recovery()
  AND coalesce(pg_last_wal_replay_lsn() >= $1::pg_lsn, false) AS has_replayed`;
const CLUSTER = 'SELECT (SELECT system_identifier FROM pg_control_system())::text AS cluster';

/** One standby, and what is known of it. */
class Replica {
  readonly database: Database;
  lagMs: number | null = null;
  problem: string | null = 'not looked at yet';
  /** What it said of itself when it was last looked at, or why it said nothing. */
  state: SqlRow | RunledgerError | undefined;

  constructor(database: Database) {
    this.database = database;
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
  #next = 0;
  #hasWritten = false;
  /** How far a standby must be; null before the first write. */
  #needed: Promise<string | null> = Promise.resolve(null);
  #lookedAt = Number.NEGATIVE_INFINITY;
  #looking: Promise<void> | undefined;

  constructor(primary: Database, databases: readonly Database[]) {
    this.#primary = primary;
    this.#replicas = databases.map((database) => new Replica(database));
  }

  /** Something was written: the next read has to see it. */
  noteWrite(): void {
    this.#hasWritten = true;
  }

  /** Refuses a server that is no standby of the primary; one that cannot be reached is left out. */
  async check(): Promise<void> {
    if (this.#replicas.length === 0) return;
    const [row] = await this.#primary.read((db) => db.rows(CLUSTER));
    await this.#look();
    for (const { database, problem, state } of this.#replicas) {
      if (isRunledgerError(state, 'UNREACHABLE')) {
        process.emitWarning(`${database.location} is left out: ${problem}`, 'RunledgerWarning');
      } else if (state instanceof RunledgerError) throw state;
      else if (state?.is_standby !== 1 || state.cluster !== row?.cluster) {
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
    const looking = setInterval(() => this.#lookNowAndThen(), LOOK_EVERY_MS).unref();
    try {
      const needed = await this.#neededPosition();
      const found = await this.#readOn(replica, work, { needed, isSnapshot });
      if (found !== null) return found.result;
    } catch (error) {
      if (!(error instanceof RunledgerError) || error.code === 'CLOSED') throw error;
      replica.problem = error.message;
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
    await Promise.all(this.#replicas.map(({ database }) => database.close()));
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
    // What is asked of one that is silent is then asked of another.
    const silence = setTimeout(() => replica.database.disconnect(), MOST_SILENCE_MS).unref();
    try {
      const [state = {}] = await replica.database.readOnce((db) => db.rows(STATE));
      replica.state = state;
      const isStandby = state.is_standby === 1;
      replica.lagMs = isStandby ? this.#log.lagOf(String(state.replayed)) : null;
      const isLate = replica.lagMs !== null && replica.lagMs > MOST_LAG_MS;
      if (!isStandby) replica.problem = 'it is no standby';
      else replica.problem = isLate ? `it is ${replica.lagMs} ms behind` : null;
    } catch (error) {
      if (!(error instanceof RunledgerError)) throw error;
      replica.state = error;
      replica.problem = error.message;
      replica.lagMs = null;
    } finally {
      clearTimeout(silence);
    }
  }
}

function noReplica(location: string, primary: string, isStandby: boolean): RunledgerError {
  const what = isStandby ? `is a standby of another server than ${primary}` : 'is no standby';
  return new RunledgerError('INVALID', `The replica ${location} ${what}.`, {
    hint: 'Name servers under `replicas` that replicate from the one of the store, or none.',
  });
}
