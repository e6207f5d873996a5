import type { RunledgerError } from '../repository/errors.ts';
import { configurationError } from './configuration-error.ts';
import type { Environment } from './environment.ts';

/** One of the places that options of `database` come from, such as a file or the environment. */
export interface Layer {
  /** What stands in it, as it was given; undefined for what is as good as absent. */
  values: Readonly<Record<string, unknown>>;
  /** Where relative paths in it begin. */
  base: string;
  /** Where an option comes from, for people: `runledger.config.yaml`, `RUNLEDGER_DATABASE_PORT`. */
  sourceOf(name: string): string;
  /** What errors call an option: `database.port`, `RUNLEDGER_DATABASE_PORT`. */
  pathOf(name: string): string;
  /** What errors begin with, where the path does not say it all: the file. */
  origin?: string;
  /** It names a store by its place, so that nothing that others say of a place belongs to it. */
  isWhole?: true;
  /** Its texts may hold `${NAME}`, and this is what they refer to. */
  variables?: Environment;
  /** All of its values are texts, whatever the option takes. */
  isTextual?: true;
}

/** The failure for an option of a layer that is wrong. The problem repeats no secret. */
export function refuseOption(
  { origin, pathOf }: Layer,
  name: string,
  problem: string,
  hint?: string,
): RunledgerError {
  const path = pathOf(name);
  const details = { issues: [{ path, problem }], ...(hint !== undefined && { hint }) };
  return configurationError(origin, `${path} ${problem}`, details);
}
