import type { EntitySchemaRelationOptions } from 'typeorm';
import type { AgentRun } from '../rows.ts';

/** The relation of a part to the run whose id is its `run_id`. */
export function ofRun(
  type: 'one-to-one' | 'many-to-one',
  inverseSide: keyof AgentRun,
): EntitySchemaRelationOptions {
  return {
    type,
    target: 'AgentRun',
    inverseSide,
    joinColumn: { name: 'run_id', referencedColumnName: 'id' },
  };
}
