import { describe, expect } from 'vitest';
import { makeRun, makeRuns } from '../../src/conformance/make-run.ts';
import { guardRepository } from '../../src/repository/guard/guarded-repository.ts';
import type { RunChange } from '../../src/repository/run-repository.ts';
import { until } from '../support/until.ts';
import { openOn, ownServer, serverTest } from './support/own-servers.ts';
import { findPooler, startPooler } from './support/pooler.ts';

const pooler = findPooler();

describe('a pooler that gives each transaction another connection', () => {
  serverTest('is no hindrance to anything', async ({ skip }) => {
    if (pooler === null) return skip('PgBouncer is not installed.');
    const place = await startPooler(pooler, await ownServer());
    const repository = guardRepository(await openOn(place));
    const other = guardRepository(await openOn(place));
    const stop = new AbortController();
    const followed: RunChange[] = [];
    const following = (async () => {
      const options = { follow: true, signal: stop.signal };
      for await (const change of repository.changes(options)) followed.push(change);
    })();
    const runs = makeRuns(600);
    expect(await repository.saveMany(runs)).toMatchObject({ inserted: 600 });
    // More at once than the pooler has connections, each statement on whichever is free.
    await Promise.all(
      makeRuns(40).map(({ id }, at) =>
        (at % 2 === 0 ? repository : other).save(makeRun(at, { id, tags: [`t${at}`] })),
      ),
    );
    await repository.transaction(async (inner) => {
      await inner.save(makeRun(1000));
      await inner.delete(makeRun(5).id);
    });
    expect((await other.findById(makeRun(7).id))?.tags).toEqual(['t7']);
    expect((await other.statistics()).totalRuns).toBe(600);
    expect((await other.search('prompt number')).items).toHaveLength(50);
    expect((await other.list({ tag: 't9' })).items).toHaveLength(1);
    await other.save(makeRun(1001));
    await other.close();
    await until(async () => followed.length >= 600 + 40 + 2 + 1);
    stop.abort();
    await following;
    expect(new Set(followed.map(({ position }) => position)).size).toBe(600 + 40 + 2 + 1);
    await repository.close();
  });
});
