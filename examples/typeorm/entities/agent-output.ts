import { EntitySchema } from 'typeorm';
import { integer, json, nullable, real, text } from '../columns.ts';
import type { AgentOutput } from '../rows.ts';
import { ofRun } from './of-run.ts';

/** What came out of runs. */
export const AgentOutputEntity = new EntitySchema<AgentOutput>({
  name: 'AgentOutput',
  tableName: 'agent_outputs',
  synchronize: false,
  columns: {
    runId: { ...text('run_id'), primary: true },
    confidence: nullable(real('confidence')),
    tokensUsed: nullable(integer('tokens_used')),
    messageHead: nullable(text('message_head')),
    message: text('message'),
    reasoning: nullable(text('reasoning')),
    rawResponse: text('raw_response'),
    extra: nullable(json('extra')),
  },
  relations: { run: ofRun('one-to-one', 'output') },
});
