import { EntitySchema } from 'typeorm';
import { json, nullable, real, text } from '../columns.ts';
import type { AgentInput } from '../rows.ts';
import { ofRun } from './of-run.ts';

/** What the agents were given. */
export const AgentInputEntity = new EntitySchema<AgentInput>({
  name: 'AgentInput',
  tableName: 'agent_inputs',
  synchronize: false,
  columns: {
    runId: { ...text('run_id'), primary: true },
    model: nullable(text('model')),
    temperature: nullable(real('temperature')),
    promptHead: nullable(text('prompt_head')),
    prompt: text('prompt'),
    recentCommits: json('recent_commits'),
    diff: text('diff'),
    extra: nullable(json('extra')),
  },
  relations: { run: ofRun('one-to-one', 'input') },
});
