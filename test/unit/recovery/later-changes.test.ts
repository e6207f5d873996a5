import { describe, expect } from 'vitest';
import { makeRun } from '../../../src/conformance/make-run.ts';
import { put } from '../../../src/conformance/operations.ts';
import { encodePosition } from '../../../src/repository/position.ts';
import type { RunStore } from '../../../src/repository/run-store.ts';
import { type Moment, readLaterChanges } from '../../../src/services/recovery/later-changes.ts';
import { testWhere } from '../../support/test-where.ts';
import { KINDS, type Kind, openFresh } from '../../through/support/kinds.ts';

const HOUR_MS = 3_600_000;
const FIRST_MS = Date.parse('2026-03-01T12:00:00.000Z');

/** A store with one change an hour, and where its ledger stood after each. */
async function storeWith(kind: Kind, changes: number) {
  let now = FIRST_MS;
  const store = await openFresh(kind, () => now);
  const positions: string[] = [];
  for (let number = 0; number < changes; number += 1) {
    await store.write([put(makeRun(number))], { atomic: true });
    positions.push(encodePosition(await store.position()));
    now += HOUR_MS;
  }
  return { store, positions };
}

/** What has happened since, and how many changes were given for it. */
async function laterThan(store: RunStore, moment: Moment) {
  let given = 0;
  const counting: RunStore = {
    ...store,
    async changes(...asked) {
      const entries = await store.changes(...asked);
      given += entries.length;
      return entries;
    },
  };
  const { runIds } = await readLaterChanges(counting, moment);
  return { runIds: [...runIds], given };
}

describe('what happened since a moment', () => {
  for (const kind of Object.values<Kind>(KINDS)) {
    testWhere(kind.missing ?? null)(`is read from shortly before it: ${kind.name}`, async () => {
      const lengths = [20, 60];
      for (const length of lengths) {
        const { store, positions } = await storeWith(kind, length);
        const [from, runIds] = [length - 3, [makeRun(length - 2).id, makeRun(length - 1).id]];
        const time = new Date(FIRST_MS + from * HOUR_MS + 1).toISOString();
        // Two changes after the moment, and those of some hours before it.
        expect(await laterThan(store, { time })).toEqual({ runIds, given: 5 });
        const change = positions[from] ?? '';
        expect(await laterThan(store, { change })).toEqual({ runIds, given: 5 });
        await store.close();
      }
    });
  }
});
