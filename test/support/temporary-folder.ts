import { accessSync, constants, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';

/** A new empty folder, which goes when the test that asked for it ends. */
export function temporaryFolder(): string {
  return newFolder(tmpdir());
}

/** The same in memory where the system has such a place: for tests that no disk is to slow down. */
export function folderInMemory(): string {
  return newFolder(whereInMemory() ?? tmpdir());
}

/** A place in memory; null where the system has none. */
export function whereInMemory(): string | null {
  return mayWrite('/dev/shm') ? '/dev/shm' : null;
}

function newFolder(place: string): string {
  const folder = mkdtempSync(join(place, 'runledger-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

function mayWrite(place: string): boolean {
  try {
    accessSync(place, constants.W_OK);
    return true;
  } catch {
    return false;
  }
}
