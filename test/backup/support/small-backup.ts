import { closeSync, openSync, readFileSync, writeSync } from 'node:fs';
import { makeRun } from '../../../src/conformance/make-run.ts';
import { put } from '../../../src/conformance/operations.ts';
import { isRunledgerError } from '../../../src/repository/errors.ts';
import { isSealIntact, openBackup } from '../../../src/services/backup/backup-file.ts';
import type { BackupFormatName } from '../../../src/services/backup/backup-manifest.ts';
import { openMemoryStore } from '../../../src/stores/memory/memory-run-store.ts';
import { unreadable } from '../../support/list-source.ts';
import { takeBackup } from './backups.ts';

const FILE = { agent: 'claude-code', path: '/a.jsonl', generation: 0, state: { size: 16 } };

/** A backup of a few runs with a history, of something that was set aside, and of an imported file. */
export async function smallBackup(folder: string, format: BackupFormatName) {
  const store = openMemoryStore();
  const write = async (...runs: Parameters<typeof put>[0][]) =>
    void (await store.write(
      runs.map((run) => put(run)),
      { atomic: true },
    ));
  await write(makeRun(1), makeRun(2), makeRun(3));
  await write(makeRun(1, { tags: ['a'], steps: [{ kind: 'event', name: 'one' }] }));
  await store.write([{ kind: 'delete', id: makeRun(2).id, expect: {} }], { atomic: true });
  await store.quarantine([unreadable('file:/elsewhere', 'broken.json')]);
  const bytes = new TextEncoder().encode('0123456789abcdef');
  await store.keepImportedFiles([
    {
      file: { ...FILE, links: bytes, runs: bytes },
      pieces: { from: 0, pieces: [{ size: 16, hash: 'a'.repeat(64), packed: bytes }] },
    },
  ]);
  return await takeBackup(store, folder, { format, name: 'small' });
}

/** Flips a bit in each of these bytes of a file in turn, and gives those where nobody notices. */
export async function unnoticedFlips(path: string, every: number): Promise<number[]> {
  const bytes = readFileSync(path);
  const unnoticed: number[] = [];
  const file = openSync(path, 'r+');
  try {
    for (let at = 0; at < bytes.length; at += every) {
      const byte = bytes[at] ?? 0;
      writeSync(file, Uint8Array.of(byte ^ (1 << (at % 8))), 0, 1, at);
      if (!(await isNoticed(path))) unnoticed.push(at);
      writeSync(file, Uint8Array.of(byte), 0, 1, at);
    }
  } finally {
    closeSync(file);
  }
  return unnoticed;
}

/** What restore and verify do first. */
async function isNoticed(path: string): Promise<boolean> {
  try {
    return !(await isSealIntact(await openBackup(path), {}));
  } catch (error) {
    if (isRunledgerError(error)) return true;
    throw error;
  }
}
