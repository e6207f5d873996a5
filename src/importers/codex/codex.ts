import type { Importer } from '../../repository/importer.ts';
import { AGENT } from './agent.ts';
import { readRollouts } from './read-rollouts.ts';
import { filesIn, folders } from './rollout-files.ts';

/** Codex's rollout files, and what `codex exec --json` prints. `docs/importers/codex.md` says what becomes what. */
export const codex: Importer = {
  name: AGENT,
  title: 'Codex',
  folders,
  filesIn,
  read: readRollouts,
};
