import { describe, expect, test } from 'vitest';
import type { RunStore } from '../../src/repository/run-store.ts';
import { storeSource } from '../../src/repository/store-source.ts';
import { copyRuns } from '../../src/services/copy/copy-runs.ts';
import { openMemoryStore } from '../../src/stores/memory/memory-run-store.ts';
import { restoreInto, takeBackup } from '../backup/support/backups.ts';
import { assistant, text, user } from '../importers/claude-code/transcripts.ts';
import { runsOf } from '../support/list-source.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { History } from './support/history.ts';

const NAME = 'shop/session-a.jsonl';
const ONE = [user(1, 'One'), assistant(2, [text('First.')], { id: 'm1' })];
const TWO = [...ONE, user(3, 'Two'), assistant(4, [text('Second.')], { id: 'm3' })];

async function prompts(store: RunStore): Promise<string[]> {
  return (await runsOf(store)).map(({ input }) => input.prompt);
}

/** A store with one session, in which more is imported when it is asked what it has put aside. */
async function importingMeanwhile() {
  const history = new History();
  const store = openMemoryStore();
  history.write(NAME, ONE);
  await history.into(store);
  let isDone = false;
  const busy: RunStore = {
    ...store,
    async quarantined(...given) {
      if (!isDone) {
        isDone = true;
        history.write(NAME, TWO);
        await history.into(store);
      }
      return await store.quarantined(...given);
    },
  };
  return { history, busy };
}

describe('what is imported while runs are carried elsewhere comes with the next import there', () => {
  test('in a copy', async () => {
    const { history, busy } = await importingMeanwhile();
    const target = openMemoryStore();
    await copyRuns(await storeSource(busy), target);
    expect(await prompts(target)).toEqual(['One']);
    expect(await history.into(target)).toMatchObject({ written: 1, leftDeleted: 0 });
    expect(await prompts(target)).toEqual(['One', 'Two']);
  });

  test('in a backup, also where the file is gone by then', async () => {
    const { history, busy } = await importingMeanwhile();
    const { path } = await takeBackup(busy, temporaryFolder());
    const target = openMemoryStore();
    await restoreInto(target, path);
    expect(await prompts(target)).toEqual(['One']);
    history.remove(NAME);
    expect(await history.into(target, { again: true })).toMatchObject({ leftDeleted: 0 });
    expect(await prompts(target)).toEqual(['One', 'Two']);
  });
});

test('after a moment was restored, an import brings what came later', async () => {
  const history = new History();
  let now = Date.parse('2026-05-01T00:00:00Z');
  const store = openMemoryStore({ now: () => now });
  history.write(NAME, ONE);
  await history.into(store);
  const between = new Date(now + 60_000).toISOString();
  now += 3_600_000;
  history.write(NAME, TWO);
  await history.into(store);
  now += 3_600_000;
  const { path } = await takeBackup(store, temporaryFolder(), { now: () => now });
  const then = openMemoryStore();
  await restoreInto(then, path, between);
  expect(await prompts(then)).toEqual(['One']);
  await history.into(then);
  expect(await prompts(then)).toEqual(['One', 'Two']);
});
