import { EntitySchema } from 'typeorm';
import { hash, integer, json, nullable, text, time } from '../columns.ts';
import type { RunChange } from '../rows.ts';

/** The ledger. */
export const RunChangeEntity = new EntitySchema<RunChange>({
  name: 'RunChange',
  tableName: 'run_changes',
  synchronize: false,
  columns: {
    seq: { ...integer('seq'), primary: true },
    transactionSeq: integer('transaction_seq'),
    runId: text('run_id'),
    runNumber: integer('run_number'),
    version: integer('version'),
    operation: text('operation'),
    at: time('at'),
    digest: nullable(hash('digest')),
    origin: nullable(text('origin')),
    overwrote: nullable(json('overwrote')),
  },
});
