import { describe, expect } from 'vitest';
import { idOf } from '../../src/conformance/make-run.ts';
import { put } from '../../src/conformance/operations.ts';
import { population } from '../../src/conformance/population.ts';
import type { Sample } from '../../src/conformance/samples/sample.ts';
import { MODERATE_SAMPLES } from '../../src/conformance/samples/samples.ts';
import { LARGE_SAMPLES } from '../../src/conformance/samples/text-samples.ts';
import type { RunStore } from '../../src/repository/run-store.ts';
import { runsOf, unreadable } from '../support/list-source.ts';
import { folderInMemory } from '../support/temporary-folder.ts';
import { testWhere } from '../support/test-where.ts';
import { KINDS, type Kind, openFresh } from '../through/support/kinds.ts';
import { type FORMATS, restoreInto, takeBackup } from './support/backups.ts';

/** Every sample and a population, some of them changed and deleted again. */
async function fill(store: RunStore, samples: readonly Sample[]): Promise<void> {
  const runs = [...samples.map(({ make }) => make()), ...population(60)];
  const changed = runs.slice(0, 20).map((run) => put({ ...run, tags: ['changed'] }));
  await store.write(
    runs.map((run) => put(run)),
    { atomic: true },
  );
  await store.write([...changed, { kind: 'delete', id: idOf(30), expect: {} }], { atomic: true });
  await store.quarantine([
    unreadable('file:/elsewhere', 'with \u0000 and \ud800'),
    { origin: 'file:/elsewhere', name: 'folder', reason: 'It is a folder.', bytes: null },
  ]);
}

async function quarantineOf(store: RunStore) {
  const items = await store.quarantined();
  return items.map(({ bytes, ...item }) => ({ ...item, bytes: bytes && [...bytes] }));
}

// Each store and each format twice; every pair of stores is what a copy is, and that has tests.
const TRIPS: [Kind, Kind, (typeof FORMATS)[number]][] = [
  [KINDS.memory, KINDS.sqlite, 'json'],
  [KINDS.file, KINDS.postgres, 'sqlite'],
  [KINDS.sqlite, KINDS.file, 'ndjson'],
  [KINDS.postgres, KINDS.memory, 'ndjson'],
  [KINDS.file, KINDS.file, 'json'],
  [KINDS.sqlite, KINDS.sqlite, 'sqlite'],
];

describe('what was backed up is restored', () => {
  for (const [from, to, format] of TRIPS) {
    const missing = from.missing ?? to.missing ?? null;
    testWhere(missing)(`from ${from.name} by ${format} into ${to.name}`, async () => {
      const source = await openFresh(from);
      const target = await openFresh(to);
      // A text of 10 MB takes its time, and goes the same way wherever it comes from.
      const large = to === KINDS.memory ? LARGE_SAMPLES : [];
      await fill(source, [...large, ...MODERATE_SAMPLES]);
      const { path, manifest } = await takeBackup(source, folderInMemory(), { format });
      const report = await restoreInto(target, path);
      const runs = await runsOf(source);
      expect(manifest.counts).toMatchObject({ runs: runs.length, deleted: 0, setAside: 2 });
      expect(report).toMatchObject({ read: runs.length, verified: runs.length, differences: [] });
      // With versions and times, not by digests alone.
      expect(await runsOf(target)).toEqual(runs);
      expect(await quarantineOf(target)).toEqual(await quarantineOf(source));
      await expect(target.changes(await source.position(), 1)).rejects.toMatchObject({
        code: 'POSITION_UNKNOWN',
      });
      await source.close();
      await target.close();
    });
  }
});
