import { type RawBuilder, sql } from 'kysely';
import type { SqlValue } from './columns.ts';

/** Stands in a composed query where a value is bound when it runs, so that it is compiled once. */
class Slot {
  readonly name: string;

  constructor(name: string) {
    this.name = name;
  }
}

/** A composed query as SQL, with the names of its values in their order. */
export interface CompiledQuery {
  readonly sql: string;
  readonly slots: readonly string[];
}

/** A query with its values, ready to run. */
export interface BoundQuery {
  readonly sql: string;
  readonly values: readonly SqlValue[];
}

/** The values of slots by their names. */
export type SlotValues = Readonly<Record<string, SqlValue>>;

/** A place for the value of that name. */
export function slot<T>(name: string): RawBuilder<T> {
  return sql<T>`${new Slot(name)}`;
}

/** Compiles a query whose only values are slots. */
export function compile(query: {
  compile(): { sql: string; parameters: readonly unknown[] };
}): CompiledQuery {
  const compiled = query.compile();
  const slots = compiled.parameters.map((parameter) => {
    if (parameter instanceof Slot) return parameter.name;
    throw new TypeError(`A composed query holds the value ${String(parameter)} outside a slot.`);
  });
  return { sql: compiled.sql, slots };
}

/** Puts the values into their slots. */
export function bind({ sql: text, slots }: CompiledQuery, values: SlotValues): BoundQuery {
  return { sql: text, values: slots.map((name) => values[name] ?? null) };
}
