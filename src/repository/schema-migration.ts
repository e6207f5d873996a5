/** One numbered change of a database's schema. */
export interface SchemaMigration {
  number: number;
  /** Such as `0001-runs.sql`. */
  name: string;
  /** When it was applied, ISO 8601; null while it is pending. */
  appliedAt: string | null;
}

/** An index that is there or not as the configuration says. */
export interface OptionalIndex {
  /** Its name in the database. */
  name: string;
  /** The option that says whether it is to be there. */
  option: string;
  /** One that is half built is of no use, and costs every write what a whole one does. */
  state: 'absent' | 'half built' | 'built';
  /** Null where nothing is said: it is left as it is. */
  isWanted: boolean | null;
}

/** Whether an index is not as it is wanted. */
export function isPending({ state, isWanted }: OptionalIndex): boolean {
  return isWanted !== null && state !== (isWanted ? 'built' : 'absent');
}
