import { resolve } from 'node:path';
import { transcriptAt } from '../../importers/reading/find-transcripts.ts';
import type { Importer, Transcript } from '../../repository/importer.ts';
import { isFolder } from '../real-path.ts';
import { UsageError } from '../usage-error.ts';
import type { FoundAgent } from './found-agents.ts';

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
