import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { naiveDigest } from '../../support/naive-digest.ts';
import type { StoredDigests } from './history.ts';

/** Fails unless a folder holds the files of these runs, each whole and as it is stored, and no other. */
export function checkFolder(folder: string, stored: StoredDigests): void {
  const names = readdirSync(folder).filter((name) => name !== '.runledger');
  assert.deepEqual(names.sort(), [...stored.keys()].map((id) => `${id}.json`).sort());
  for (const [id, digest] of stored) {
    const text = readFileSync(join(folder, `${id}.json`), 'utf8');
    assert.equal(naiveDigest(JSON.parse(text)), digest, `the file of ${id}`);
  }
}
