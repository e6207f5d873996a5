import { basename, dirname, join } from 'node:path';

/** The path of the session that a file belongs to, without its ending, as far as its own path tells. */
export function groupOf(path: string): string {
  const folder = dirname(path);
  const parts = folder.split(/[\\/]/);
  const at = parts.lastIndexOf('subagents');
  return at > 0 ? parts.slice(0, at).join('/') : join(folder, basename(path, '.jsonl'));
}

/** Whether it is the file of a subagent. */
export function isAgentFile(path: string): boolean {
  return basename(path).startsWith('agent-');
}
