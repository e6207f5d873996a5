import { writeFileSync } from 'node:fs';
import { expect } from 'vitest';
import { digestOf } from '../../../src/domain/canonical.ts';
import type { Importer, Transcript } from '../../../src/repository/importer.ts';
import type { RunStore } from '../../../src/repository/run-store.ts';
import { copyRuns } from '../../../src/services/copy/copy-runs.ts';
import { openMemoryStore } from '../../../src/stores/memory/memory-run-store.ts';
import { runsOf } from '../../support/list-source.ts';
import { importSource } from './import-source.ts';
import { WRITTEN, writtenFiles } from './imported.ts';

/**
 * Imports a file as it grows, cut also inside its lines, into one store, and at once into a new one: both
 * hold the same runs, digest for digest. Gives how many.
 */
export async function growsAsWritten(
  importer: Importer,
  { name, text, every = 1 }: { name: string; text: string; every?: number },
): Promise<number> {
  const lines = text.split('\n');
  const [file] = writtenFiles({ [name]: '' });
  if (file === undefined) return 0;
  const grown = openMemoryStore();
  for (let count = 1; count <= lines.length; count += every) {
    const next = lines[count] ?? '';
    const head = lines.slice(0, count).join('\n');
    await take(importer, `${head}\n${next.slice(0, next.length / 2)}`, file, grown);
  }
  await take(importer, text, file, grown);
  const whole = openMemoryStore();
  await take(importer, text, file, whole);
  const digests = await digestsOf(grown);
  expect(digests).toEqual(await digestsOf(whole));
  await grown.close();
  await whole.close();
  return Object.keys(digests).length;
}

async function take(
  importer: Importer,
  text: string,
  file: Transcript,
  store: RunStore,
): Promise<void> {
  writeFileSync(file.path, text);
  const files = [{ ...file, size: Buffer.byteLength(text) }];
  const source = importSource(importer, files, { origin: file.path, now: WRITTEN + 60_000 });
  const { differences } = await copyRuns(source, store);
  expect(differences).toEqual([]);
}

async function digestsOf(store: RunStore): Promise<Record<string, string>> {
  return Object.fromEntries((await runsOf(store)).map((run) => [run.id, digestOf(run)]));
}
