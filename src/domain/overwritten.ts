import { isDeepStrictEqual } from 'node:util';
import { setOwn } from './field-readers.ts';
import type { JsonObject } from './json.ts';
import type { AgentRun } from './run.ts';

/**
 * What a change overwrote, enough to make the object before from the object after. `old` holds the
 * values that changed or went, `added` names the members that were not there, and `inside` does the
 * same for the parts of a run, so that a new status does not copy a diff of a megabyte.
 */
export interface Overwritten {
  old: JsonObject;
  added: string[];
  inside?: { [part: string]: Overwritten };
}

/** The parts whose members are told apart. */
const PARTS: readonly string[] = ['input', 'output', 'error'];
/** What the ledger's own columns carry. */
const STAMPS: readonly string[] = ['version', 'createdAt', 'updatedAt'];

/** What turning one run into the other overwrites. Both are in normal form. */
export function overwrittenBy(before: AgentRun, after: AgentRun): Overwritten {
  return compare(before, after, PARTS);
}

/** The run before, from the run after and what the change overwrote; without stamps. */
export function undoOverwritten(after: AgentRun, overwritten: Overwritten): AgentRun {
  const before = undo(after as unknown as JsonObject, overwritten);
  for (const stamp of STAMPS) delete before[stamp];
  return before as unknown as AgentRun;
}

function compare(before: object, after: object, parts: readonly string[]): Overwritten {
  const old = before as JsonObject;
  const now = after as JsonObject;
  const result: Overwritten = { old: {}, added: [] };
  for (const name of Object.keys(old)) {
    if (STAMPS.includes(name) || isDeepStrictEqual(old[name], now[name])) continue;
    const hasBoth = parts.includes(name) && old[name] && now[name];
    if (hasBoth) {
      result.inside ??= {};
      result.inside[name] = compare(old[name] as JsonObject, now[name] as JsonObject, []);
    } else setOwn(result.old, name, old[name]);
  }
  result.added = Object.keys(now).filter(
    (name) => !STAMPS.includes(name) && !Object.hasOwn(old, name),
  );
  return result;
}

function undo(after: JsonObject, { old, added, inside = {} }: Overwritten): JsonObject {
  const before: JsonObject = {};
  for (const [name, value] of Object.entries(after)) {
    if (!added.includes(name)) setOwn(before, name, value);
  }
  for (const [name, value] of Object.entries(old)) setOwn(before, name, value);
  for (const [name, part] of Object.entries(inside)) {
    before[name] = undo(after[name] as JsonObject, part);
  }
  return before;
}
