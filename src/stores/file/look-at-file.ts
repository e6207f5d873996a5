import { lstatSync, type Stats, statSync } from 'node:fs';
import { sep } from 'node:path';
import { fromMilliseconds } from '../../domain/time.ts';
import { type FileFacts, hasCoarseTimes, isSettled, signatureOf } from './file-signature.ts';
import type { FileRow } from './file-table.ts';
import { unreadableFolder } from './folder-error.ts';
import { type RunFile, readRunFile } from './read-run-file.ts';

/** An entry of the folder as it is at this moment, unread. */
export interface FileLook {
  name: string;
  /** Null where there is no such entry. */
  signature: number | null;
}

/** An entry with what it holds. */
export interface FileReading extends FileLook {
  /** Null where there is no such entry. */
  file: RunFile | null;
  /** Whether a later change is sure to show in its signature. */
  isSettled: boolean;
  /** When it was last written, ISO 8601. */
  writtenAt: string;
}

/** Looks whether an entry is there and what it is known by. */
export function lookAtFile(folder: string, name: string): FileLook {
  const facts = factsOf(folder, name);
  return { name, signature: facts === null ? null : signatureOf(name, facts) };
}

/**
 * The signature of a file that was just written by us, as the index may keep it: null where a change by
 * others in the same moment would not show in it.
 */
export function signatureToKeep(folder: string, name: string): number | null {
  const facts = factsOf(folder, name);
  return facts === null || hasCoarseTimes(facts) ? null : signatureOf(name, facts);
}

/** Whether an entry is as the index saw it last; one that it is not sure of never is. */
export function isAsKnown({ signature }: FileLook, row: FileRow | undefined): boolean {
  if (row === undefined) return signature === null;
  return row.signature !== null && row.signature === signature;
}

/** Looks at an entry and reads it. A change in between shows in the next look. */
export function readAnew(folder: string, name: string): FileReading {
  const facts = factsOf(folder, name);
  if (facts === null) return { name, signature: null, file: null, isSettled: true, writtenAt: '' };
  const now = Date.now();
  const written = fromMilliseconds(Math.floor(facts.mtimeMs));
  return {
    name,
    signature: signatureOf(name, facts),
    file: readRunFile(folder, name),
    isSettled: isSettled(facts, now),
    writtenAt: written.ok ? written.value : new Date(now).toISOString(),
  };
}

/** The facts of an entry: of what a link leads to, or of the link where that is nothing. */
function factsOf(folder: string, name: string): FileFacts | null {
  // Put together by hand: a whole folder is looked through, and `join` would take a tenth of that time.
  const path = folder + sep + name;
  const facts = statOf(path) ?? lstatOf(folder, path);
  if (facts !== undefined) return facts;
  // The folder lists such a name, but it is not UTF-8: nothing can be asked by it.
  return name.includes('\ufffd') ? NO_FACTS : null;
}

const NO_FACTS: FileFacts = { size: 0, mtimeMs: 0, ctimeMs: 0, ino: 0 };

function statOf(path: string): Stats | undefined {
  try {
    return statSync(path, { throwIfNoEntry: false });
  } catch {
    // Of a link that leads nowhere, whatever is in its way, the link itself can be told of.
    return undefined;
  }
}

function lstatOf(folder: string, path: string): Stats | undefined {
  try {
    return lstatSync(path, { throwIfNoEntry: false });
  } catch (error) {
    throw unreadableFolder(folder, error);
  }
}
