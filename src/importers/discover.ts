import type { ImportEnvironment, Importer, Transcript } from '../repository/importer.ts';

/** The agent's files on this machine, by path. Rejects with STORE_FAILED where a folder cannot be read. */
export async function discover(
  importer: Importer,
  environment: ImportEnvironment,
): Promise<Transcript[]> {
  const found = new Map<string, Transcript>();
  for (const folder of importer.folders(environment)) {
    for (const file of await importer.filesIn(folder)) found.set(file.path, file);
  }
  return [...found.values()].sort((a, b) => (a.path < b.path ? -1 : 1));
}
