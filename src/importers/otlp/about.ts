import { folderName } from '../reading/folder-name.ts';
import { type Attributes, textOf } from './span.ts';

/** What the repository of a run is called: as it is stated, or like the program; else like the file. */
export function repositoryOf(about: Attributes, path: string): string {
  const url = textOf(about, 'vcs.repository.url.full')?.replace(/(\.git)?\/*$/, '');
  const name = textOf(about, 'vcs.repository.name') ?? url ?? textOf(about, 'service.name') ?? path;
  return folderName(name) || 'unknown';
}
