import assert from 'node:assert/strict';
import { assertSameStatistics } from '../../../src/conformance/assert-statistics.ts';
import { withoutStamps } from '../../../src/conformance/assertions.ts';
import { formerStates } from '../../../src/conformance/former-states.ts';
import { searchAll } from '../../../src/conformance/search-all.ts';
import { canonicalRun, digestOf } from '../../../src/domain/canonical.ts';
import type { RunOrder } from '../../../src/domain/cursor.ts';
import type { RunFilter } from '../../../src/domain/filter.ts';
import type { RunSummary } from '../../../src/domain/run.ts';
import type { World } from './world.ts';

/** What both worlds are asked when their histories are over. */
export interface Question {
  filter: RunFilter;
  order: RunOrder;
  limit: number;
  /** Words to search for. */
  query: string;
}

/** Fails unless both worlds hold the same runs, and answer every question alike. */
export async function compareWorlds(
  reference: World,
  other: World,
  questions: readonly Question[],
): Promise<void> {
  assert.equal(await runsOf(other), await runsOf(reference));
  assert.equal(await changesOf(other), await changesOf(reference));
  for (const question of [ABOUT_ALL, ...questions]) {
    assert.equal(await pagesOf(other, question), await pagesOf(reference, question));
    assert.equal(await hitsOf(other, question), await hitsOf(reference, question));
    const figures = await reference.repository.statistics(question.filter);
    assertSameStatistics(await other.repository.statistics(question.filter), figures);
  }
  for (const [place, id] of reference.ids.entries()) {
    const states = await historyOf(reference, id);
    assert.equal(await historyOf(other, other.ids[place] ?? ''), states);
  }
}

const ABOUT_ALL: Question = { filter: {}, order: 'newest', limit: 3, query: 'a' };

/** Every run with its version and times; and each has the digest that the store says. */
async function runsOf(world: World): Promise<string> {
  const runs = await world.store.read(world.ids);
  const heads = await world.store.heads(world.ids);
  for (const [id, run] of runs) assert.equal(heads.get(id)?.digest, digestOf(run), id);
  assert.equal(heads.size, runs.size);
  return world.named(world.ids.map((id) => runs.get(id) ?? null));
}

/** The ledger; its transactions are called by the place of their first change. */
async function changesOf(world: World): Promise<string> {
  const names: string[] = [];
  const changes: unknown[] = [];
  for await (const {
    position: _p,
    digest: _d,
    transaction,
    ...change
  } of world.repository.changes()) {
    if (!names.includes(transaction)) names.push(transaction);
    changes.push({ ...change, transaction: names.indexOf(transaction) });
  }
  return world.named(changes);
}

async function pagesOf(world: World, { filter, order, limit }: Question): Promise<string> {
  const pages: RunSummary[][] = [];
  let cursor: string | null = null;
  do {
    const options = { order, limit, ...(cursor !== null && { cursor }) };
    const page = await world.repository.list(filter, options);
    pages.push(page.items);
    cursor = page.nextCursor;
  } while (cursor !== null);
  return world.named(pages);
}

async function hitsOf(world: World, { filter, query, limit }: Question): Promise<string> {
  return world.named(await searchAll(world, query, { filter, limit }));
}

/** Every state that a run has had, by what the ledger kept; what was seen of it is among them. */
async function historyOf(world: World, id: string): Promise<string> {
  const states = await formerStates(world.store, id);
  const texts = states.map((state) => state && canonicalRun(state));
  let place = -1;
  for (const seen of world.seen.get(id) ?? []) {
    place = texts.indexOf(seen, place + 1);
    assert.notEqual(place, -1, `a state of ${id} is not in its history: ${seen}`);
  }
  return world.named(states.map((state) => state && withoutStamps(state)));
}
