import type { Importer } from '../../repository/importer.ts';
import { AGENT } from './agent.ts';
import { readOpencode } from './read-opencode.ts';
import { filesIn, folders, groupOf } from './storage-files.ts';

/** What opencode stores and prints. `docs/importers/opencode.md` says what becomes what. */
export const opencode: Importer = {
  name: AGENT,
  title: 'opencode',
  folders,
  filesIn,
  groupOf,
  read: readOpencode,
};
