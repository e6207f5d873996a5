import assert from 'node:assert/strict';
import { fileURLToPath } from 'node:url';
import { runChild } from '../../support/child.ts';
import { inMountNamespace } from '../../support/mount-namespace.ts';

/**
 * Runs a program of this folder in a mount namespace of its own and returns the facts that it
 * prints as JSON: what is in such a namespace cannot be seen from outside.
 */
export async function factsFrom<Facts>(program: string, ...args: string[]): Promise<Facts> {
  const path = fileURLToPath(new URL(program, import.meta.url));
  const { code, stdout, stderr } = await runChild(
    inMountNamespace([process.execPath, path, ...args]),
  );
  assert.equal(code, 0, stderr);
  return JSON.parse(stdout) as Facts;
}
