import { Argument } from 'commander';
import { IMPORTERS } from '../../importers/registry.ts';
import type { Importer } from '../../repository/importer.ts';
import { UsageError } from '../usage-error.ts';

/** An argument that names agents. */
export function agentArgument(name: string, description: string): Argument {
  return new Argument(name, description).choices(IMPORTERS.map((importer) => importer.name));
}

/** The importer of a name. Throws UsageError where there is none. */
export function importerNamed(name: string): Importer {
  const found = IMPORTERS.find((importer) => importer.name === name);
  if (found === undefined) throw new UsageError(`There is no agent "${name}".`);
  return found;
}
