/** One numbered change of a database's schema. */
export interface SchemaMigration {
  number: number;
  /** Such as `0001-runs.sql`. */
  name: string;
  /** When it was applied, ISO 8601; null while it is pending. */
  appliedAt: string | null;
}
