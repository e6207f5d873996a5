import { digestOf } from '../domain/canonical.ts';
import type { AgentRun } from '../domain/run.ts';
import type { DeleteOperation, PutOperation } from '../repository/write-operation.ts';

/** The write that stores a run, with no expectation unless one is given. */
export function put(run: AgentRun, fields: Partial<PutOperation> = {}): PutOperation {
  return { kind: 'put', run, digest: digestOf(run), expect: {}, stamps: 'next', ...fields };
}

/** The write that removes a run, with no expectation unless one is given. */
export function deletion(id: string, expect: DeleteOperation['expect'] = {}): DeleteOperation {
  return { kind: 'delete', id, expect };
}
