import type { JsonObject, JsonValue } from '../../domain/json.ts';
import type { Overwritten } from '../../domain/overwritten.ts';
import type { AgentRun } from '../../domain/run.ts';
import { encodePosition } from '../../repository/position.ts';
import type { HistoryEntry, RunStore } from '../../repository/run-store.ts';
import { holdsAfter, stateBefore } from '../../repository/undo-change.ts';

/** A member of a run that a change gave another value. */
export interface ChangedField {
  /** Such as `status` or `output.message`. */
  path: string;
  /** Absent where it was not there before. */
  from?: JsonValue;
  /** Absent where it is not there any more, or cannot be told. */
  to?: JsonValue;
}

/** One change of a run. */
export interface PastChange extends Pick<HistoryEntry, 'at' | 'version' | 'operation'> {
  /** Where it stands in the ledger, for `rewind`. */
  position: string;
  /** Where a copy brought it from; null for an ordinary save. */
  origin: string | null;
  /** What an update changed, in the order of their paths; none for the other operations. */
  fields: ChangedField[];
}

/**
 * Every change of a run that the ledger still holds, oldest first, each with what it changed; none for
 * a run that it does not know. Where a run was changed past the ledger, what older changes made of it
 * cannot be told, and `to` is absent.
 */
export async function readRunHistory(store: RunStore, id: string): Promise<PastChange[]> {
  const identity = await store.position();
  const history = await store.history(id);
  /** Undefined from where it cannot be told any more. */
  let after: AgentRun | null | undefined = (await store.read([id])).get(id) ?? null;
  const changes: PastChange[] = [];
  for (const entry of history.toReversed()) {
    if (after !== undefined && !holdsAfter(entry, after)) after = undefined;
    const { cursor, at, version, operation, origin } = entry;
    const position = encodePosition({ ...identity, cursor });
    const fields = operation === 'update' ? changedFields(entry.overwrote, after ?? undefined) : [];
    changes.push({ position, at, version, operation, origin, fields: fields.sort(byPath) });
    if (after !== undefined) after = stateBefore(entry, after);
    else if (operation === 'delete') after = entry.overwrote;
  }
  return changes.reverse();
}

function changedFields(
  { old, added, inside = {} }: Overwritten,
  after: object | undefined,
  prefix = '',
): ChangedField[] {
  const now = after as JsonObject | undefined;
  const to = (name: string) => {
    const value = now?.[name];
    return value === undefined ? {} : { to: value };
  };
  return [
    ...Object.entries(old).map(([name, from]) => ({ path: prefix + name, from, ...to(name) })),
    ...added.map((name) => ({ path: prefix + name, ...to(name) })),
    ...Object.entries(inside).flatMap(([name, part]) =>
      changedFields(part, now?.[name] as JsonObject | undefined, `${prefix}${name}.`),
    ),
  ];
}

function byPath(a: ChangedField, b: ChangedField): number {
  return a.path < b.path ? -1 : 1;
}
