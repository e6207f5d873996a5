import { EntitySchema } from 'typeorm';
import { flag, json, nullable, text, time } from '../columns.ts';
import type { RunError } from '../rows.ts';
import { ofRun } from './of-run.ts';

/** Why runs failed. */
export const RunErrorEntity = new EntitySchema<RunError>({
  name: 'RunError',
  tableName: 'run_errors',
  synchronize: false,
  columns: {
    runId: { ...text('run_id'), primary: true },
    runStartedAt: time('run_started_at'),
    code: text('code'),
    recoverable: flag('recoverable'),
    messageHead: nullable(text('message_head')),
    message: text('message'),
    stackTrace: nullable(text('stack_trace')),
    extra: nullable(json('extra')),
  },
  relations: { run: ofRun('one-to-one', 'error') },
});
