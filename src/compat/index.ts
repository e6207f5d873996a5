/** The old names over the new store: what an application imports in place of its class RunStorage. */
export type { AgentInput, AgentOutput, AgentRun, RunError } from './agent-run.ts';
export type { AllRuns, AllRunsOptions } from './all-runs.ts';
export type { OldStatistics } from './old-statistics.ts';
export type { StorageLogger } from './open-storage.ts';
export { RunStatus } from './run-status.ts';
export { RunStorage } from './run-storage.ts';
export { type SharedRunStatus, toSharedRunStatus } from './shared-run-status.ts';
export type { StorageTarget } from './storage-target.ts';
