/**
 * Which statements are written to standard error, a line each: true for all of them, with their time,
 * `['error']` for those that fail. Default false.
 */
export type Logging = boolean | readonly 'error'[];

/** How the ledger of a store is kept. */
export interface LedgerConfiguration {
  /** For how long, such as `36h`, `30d` or `8w`, an hour at least; or `forever`. Default `30d`. */
  keep?: string | undefined;
}

/** An SQLite database in a file. */
export interface SqliteConfiguration extends LedgerConfiguration {
  type: 'sqlite';
  /** The file. Relative to the working directory; default `./data/claude-runs.db`. */
  database?: string | undefined;
  /** Whether opening may apply schema migrations. Default true. */
  synchronize?: boolean | undefined;
  /** Default false. */
  logging?: Logging | undefined;
}

/** A folder of run files. */
export interface FileConfiguration extends LedgerConfiguration {
  type: 'file';
  /** The folder. Relative to the working directory; default `./logs/claude-runs`. */
  database?: string | undefined;
}

/** A store that is gone when the program ends. */
export interface MemoryConfiguration extends LedgerConfiguration {
  type: 'memory';
}

/** How runs are searched. */
export interface SearchConfiguration {
  /**
   * Whether a PostgreSQL store has an index for `to_tsvector('english', prompt)` in people's own SQL:
   * applying migrations builds it, or drops it where this is false. Default: it is left as it is.
   */
  postgresEnglishIndex?: boolean | undefined;
}

/** A PostgreSQL database, by its `url` or by `host` and `database`. */
export interface PostgresConfiguration extends SearchConfiguration, LedgerConfiguration {
  type: 'postgres';
  /** `postgres://user:password@host:port/database`, with `?schema=` and `?sslmode=` where wanted. */
  url?: string | undefined;
  /** Default `localhost`. */
  host?: string | undefined;
  /** Default 5432. */
  port?: number | undefined;
  username?: string | undefined;
  password?: string | undefined;
  /** The name of the database on the server. */
  database?: string | undefined;
  /** Default `claude_runs`. */
  schema?: string | undefined;
  /** Whether the connection is encrypted; the server is then verified unless it says otherwise. Default false. */
  ssl?: boolean | { rejectUnauthorized?: boolean } | undefined;
  /** Whether opening may apply schema migrations. Default false. */
  synchronize?: boolean | undefined;
  /** Default false. */
  logging?: Logging | undefined;
  /** How many connections there may be at once. Default 10. */
  poolSize?: number | undefined;
  /** The urls of standbys for lists, searches and statistics; the rest is as with the primary. */
  replicas?: readonly string[] | undefined;
  /** How long reaching the server may take. Default 10,000. */
  connectTimeoutMs?: number | undefined;
  /** How long one statement may take. Default 600,000. */
  statementTimeoutMs?: number | undefined;
}

/** Where runs lie, as an object: the shape that configurations of databases have. */
export type StoreConfiguration =
  | SqliteConfiguration
  | FileConfiguration
  | MemoryConfiguration
  | PostgresConfiguration;
