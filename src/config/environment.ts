/** Environment variables by their names, as `process.env` has them. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** What a variable says; undefined where it is not set, or set to nothing, which counts as not set. */
export function variableIn(environment: Environment, name: string): string | undefined {
  return environment[name] || undefined;
}
