import type { AgentRun } from '../../domain/run.ts';

/** A run that every store must keep exactly, with what is special about it. */
export interface Sample {
  readonly name: string;
  /** Makes the run, in normal form: equal with each call, and shared with nobody. */
  make(): AgentRun;
}
