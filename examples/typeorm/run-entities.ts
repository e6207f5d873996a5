import { AgentInputEntity } from './entities/agent-input.ts';
import { AgentOutputEntity } from './entities/agent-output.ts';
import { AgentRunEntity } from './entities/agent-run.ts';
import { ContentEntity } from './entities/content.ts';
import { RunChangeEntity } from './entities/run-change.ts';
import { RunErrorEntity } from './entities/run-error.ts';
import { RunStepEntity } from './entities/run-step.ts';

/** What a data source needs to know of the tables of Runledger. */
export const RUN_ENTITIES = [
  AgentRunEntity,
  AgentInputEntity,
  AgentOutputEntity,
  RunErrorEntity,
  RunStepEntity,
  ContentEntity,
  RunChangeEntity,
];
