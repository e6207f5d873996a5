/** The public API of Runledger: the only place to import from. */
export type { Environment } from './config/environment.ts';
export {
  type Configuration,
  type LoadedConfiguration,
  type LoadOptions,
  loadConfiguration,
} from './config/load-configuration.ts';
export type { Setting } from './config/settle-layers.ts';
export type * from './config/store-configuration.ts';
export {
  describeTarget,
  type PostgresTarget,
  readStoreTarget,
  type StoreTarget,
} from './config/store-target.ts';
export { canonicalJson, canonicalRun, digestOf } from './domain/canonical.ts';
export type { RunOrder } from './domain/cursor.ts';
export type { RunFilter } from './domain/filter.ts';
export type { RunIssue } from './domain/invalid-run.ts';
export type { JsonObject, JsonValue } from './domain/json.ts';
export type {
  AgentRun,
  RunError,
  RunInput,
  RunOrigin,
  RunOutput,
  RunStatus,
  RunStep,
  RunSummary,
  StepKind,
  StoredRun,
  Usage,
} from './domain/run.ts';
export type { RepositoryStatistics, RunStatistics, UsageTotals } from './domain/statistics.ts';
export { RUN_STATUSES } from './domain/status.ts';
export type { Snippet } from './domain/text/snippet.ts';
export {
  applySchema,
  type OpenOptions,
  openRunRepository,
  openRunSource,
  openRunStore,
  readIndexes,
  readSchema,
} from './open-repository.ts';
export {
  ERROR_CODES,
  type ErrorCode,
  isRunledgerError,
  RunledgerError,
} from './repository/errors.ts';
export { guardRepository } from './repository/guard/guarded-repository.ts';
export { PartlyDoneError } from './repository/partly-done-error.ts';
export type * from './repository/run-repository.ts';
export type { RunSource, SourceItem } from './repository/run-source.ts';
export type {
  HistoryEntry,
  LedgerEntry,
  QuarantineItem,
  RunStore,
  StoreCapabilities,
  StoreTransaction,
} from './repository/run-store.ts';
export type { OptionalIndex, SchemaMigration } from './repository/schema-migration.ts';
export { storeSource } from './repository/store-source.ts';
export type { CopyOptions, CopyReport } from './services/copy/copy-report.ts';
export { copyRuns } from './services/copy/copy-runs.ts';
