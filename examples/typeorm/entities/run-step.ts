import { EntitySchema } from 'typeorm';
import { integer, json, nullable, text, time } from '../columns.ts';
import type { RunStep } from '../rows.ts';
import { ofRun } from './of-run.ts';

/** What happened inside runs. */
export const RunStepEntity = new EntitySchema<RunStep>({
  name: 'RunStep',
  tableName: 'run_steps',
  synchronize: false,
  columns: {
    runId: { ...text('run_id'), primary: true },
    ordinal: { ...integer('ordinal'), primary: true },
    kind: text('kind'),
    name: nullable(text('name')),
    model: nullable(text('model')),
    status: nullable(text('status')),
    startedAt: nullable(time('started_at')),
    duration: nullable(integer('duration')),
    usage: nullable(json('usage')),
    input: nullable(json('input')),
    output: nullable(json('output')),
    error: nullable(json('error')),
    extra: nullable(json('extra')),
  },
  relations: { run: ofRun('many-to-one', 'steps') },
});
