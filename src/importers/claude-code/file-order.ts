import { basename, dirname, join } from 'node:path';
import type { Transcript } from '../../repository/importer.ts';
import { textIn, timeIn } from '../reading/fields.ts';
import { readJsonLines } from '../reading/json-lines.ts';
import { groupOf, isAgentFile } from './session-of-file.ts';

/** The files of one session: its own, and those of its subagents. */
export interface SessionFiles {
  /** What the session is called where lines do not say. */
  session: string;
  files: Transcript[];
}

/** What the first lines of a file tell. */
interface FileHead {
  file: Transcript;
  /** The first valid time; sorts after all times where there is none. */
  firstTime: string;
  session: string | undefined;
}

/** Whatever has no time comes last. */
const NO_TIME = '~';
/** So many lines are looked at for the first time. */
const HEAD_LINES = 50;

/**
 * Sessions by the time at which they begin, then by path; in each its own file first, then those of
 * subagents in the same way. What stands in several files counts in the first. The order follows
 * from the files' first lines alone, so it stays when files grow, and however they are given.
 */
export async function orderFiles(files: readonly Transcript[]): Promise<SessionFiles[]> {
  const [only, ...others] = files;
  // There is nothing to order, and most sessions have one file.
  if (only !== undefined && others.length === 0) {
    return [{ session: basename(groupOf(only.path)), files: [only] }];
  }
  const heads: FileHead[] = [];
  for (const file of files) heads.push(await headOf(file));
  heads.sort(byTimeAndPath);
  const sessions = Map.groupBy(heads, placeOf);
  return [...sessions.values()]
    .map((group) => group.sort((a, b) => rankOf(a) - rankOf(b) || byTimeAndPath(a, b)))
    .sort(([a], [b]) => (a && b ? byTimeAndPath(a, b) : 0))
    .map((group) => ({
      session: basename(group[0] ? placeOf(group[0]) : ''),
      files: group.map(({ file }) => file),
    }));
}

/** A file that cannot be read has no head; reading it will say why. */
async function headOf(file: Transcript): Promise<FileHead> {
  const head: FileHead = { file, firstTime: NO_TIME, session: undefined };
  try {
    for await (const line of readJsonLines(file)) {
      if (line.kind === 'object') {
        head.session ??= textIn(line.value, 'sessionId');
        const time = timeIn(line.value, 'timestamp');
        if (time !== undefined) return { ...head, firstTime: time };
      }
      if (line.number >= HEAD_LINES) break;
    }
  } catch (error) {
    if ((error as NodeJS.ErrnoException).syscall === undefined) throw error;
  }
  return head;
}

/** The path of the session that a file belongs to, without its ending. */
function placeOf({ file, session }: FileHead): string {
  const place = groupOf(file.path);
  const isInFolder = dirname(place) !== dirname(file.path);
  // Between these two, versions put the files of subagents beside those of sessions.
  const isBeside = !isInFolder && isAgentFile(file.path) && session !== undefined;
  return isBeside ? join(dirname(file.path), session) : place;
}

function rankOf({ file }: FileHead): number {
  return isAgentFile(file.path) ? 1 : 0;
}

function byTimeAndPath(a: FileHead, b: FileHead): number {
  if (a.firstTime !== b.firstTime) return a.firstTime < b.firstTime ? -1 : 1;
  return a.file.path < b.file.path ? -1 : 1;
}
