import { resolve } from 'node:path';
import { transcriptAt } from '../../importers/reading/find-transcripts.ts';
import { IMPORTERS } from '../../importers/registry.ts';
import type { Importer, Transcript } from '../../repository/importer.ts';
import { isFolder } from '../real-path.ts';
import { UsageError } from '../usage-error.ts';
import type { FoundAgent } from './found-agents.ts';

/** The importer of a name. Throws UsageError with the names that there are. */
export function importerNamed(name: string): Importer {
  const found = IMPORTERS.find((importer) => importer.name === name);
  if (found !== undefined) return found;
  const names = IMPORTERS.map((importer) => importer.name).join(', ');
  throw new UsageError(`There is no agent "${name}".`, `There are ${names}.`);
}

/** The files that these paths stand for: themselves, or all in a folder that look like the agent's. */
export async function filesAt(importer: Importer, paths: readonly string[]): Promise<FoundAgent> {
  const files = new Map<string, Transcript>();
  for (const path of paths.map((each) => resolve(each))) {
    const found = isFolder(path) ? await importer.filesIn(path) : [await transcriptAt(path)];
    if (found.length === 0) {
      throw new UsageError(`In ${path} there are no files of ${importer.title}.`);
    }
    for (const file of found) {
      if (file === null) throw new UsageError(`There is no file ${path}.`);
      files.set(file.path, file);
    }
  }
  return { importer, files: [...files.values()] };
}
