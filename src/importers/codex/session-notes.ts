import { type Fields, objectIn, textIn, timeIn } from '../reading/fields.ts';
import type { SessionNotes } from './run-draft.ts';

/** What a `session_meta` line says. `id`: what the session is called where it does not say. */
export function sessionNotes(payload: Fields, id: string): SessionNotes {
  const git = objectIn(payload, 'git');
  const spawn = objectIn(objectIn(objectIn(payload, 'source'), 'subagent'), 'thread_spawn');
  return {
    id: textIn(payload, 'id') ?? id,
    startedAt: timeIn(payload, 'timestamp'),
    cwd: textIn(payload, 'cwd'),
    version: textIn(payload, 'cli_version'),
    branch: textIn(git, 'branch'),
    commit: textIn(git, 'commit_hash'),
    repositoryUrl: textIn(git, 'repository_url'),
    forkedFrom: textIn(payload, 'forked_from_id'),
    parent: textIn(payload, 'parent_thread_id') ?? textIn(spawn, 'parent_thread_id'),
    subagent: subagentIn(payload),
  };
}

/** A name, or an object whose only member is named so. */
function subagentIn(payload: Fields): string | undefined {
  const source = objectIn(payload, 'source');
  if (source.subagent === undefined) return undefined;
  return textIn(source, 'subagent') ?? Object.keys(objectIn(source, 'subagent'))[0];
}

/** The name of a repository by its address: the last part, without `.git`. */
export function repositoryName(url: string): string | undefined {
  return /([^/:\\]+?)(?:\.git)?\/*$/.exec(url)?.[1]?.slice(0, 255);
}
