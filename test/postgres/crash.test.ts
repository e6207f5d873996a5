import { renameSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect } from 'vitest';
import { makeRun } from '../../src/conformance/make-run.ts';
import { isRunledgerError } from '../../src/repository/errors.ts';
import { guardRepository } from '../../src/repository/guard/guarded-repository.ts';
import type { RunRepository } from '../../src/repository/run-repository.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { until } from '../support/until.ts';
import { ask, openOn, ownServer, ownStandby, serverTest } from './support/own-servers.ts';
import { openRelay } from './support/relay.ts';

/** Writers that save run after run, and remember which were acknowledged and which were not. */
class Writers {
  readonly acknowledged: string[] = [];
  readonly refused: unknown[] = [];
  readonly #repository: RunRepository;
  readonly #writing: Promise<void>[];
  #isEnding = false;
  #next = 0;

  constructor(repository: RunRepository, count: number) {
    this.#repository = repository;
    this.#writing = Array.from({ length: count }, () => this.#write());
  }

  async end(): Promise<void> {
    this.#isEnding = true;
    await Promise.all(this.#writing);
  }

  async #write(): Promise<void> {
    while (!this.#isEnding) {
      this.#next += 1;
      const run = makeRun(this.#next, { status: 'RUNNING' });
      try {
        await this.#repository.save(run);
        await this.#repository.save({ ...run, status: 'SUCCESS' });
        this.acknowledged.push(run.id);
      } catch (error) {
        this.refused.push(error);
      }
    }
  }
}

/** Fails unless every acknowledged run is there, and those that were not are told as unknown. */
async function checkNothingLost(repository: RunRepository, writers: Writers): Promise<void> {
  for (const id of writers.acknowledged) {
    expect((await repository.findById(id))?.status, id).toBe('SUCCESS');
  }
  for (const error of writers.refused) {
    expect(isRunledgerError(error, 'UNREACHABLE'), String(error)).toBe(true);
  }
}

describe('a server that dies under those who write', () => {
  serverTest('is waited for: nothing that was acknowledged is lost', async () => {
    const server = await ownServer({ full_page_writes: 'on' });
    const repository = guardRepository(await openOn(server));
    const writers = new Writers(repository, 8);
    for (let round = 0; round < 3; round += 1) {
      const before = writers.acknowledged.length;
      await until(async () => writers.acknowledged.length > before + 100);
      await server.crash();
      await sleep(200);
      await server.restart();
      const after = writers.acknowledged.length;
      // Clients go on by themselves.
      await until(async () => writers.acknowledged.length > after + 50);
    }
    await writers.end();
    await checkNothingLost(repository, writers);
    await repository.close();
  });

  serverTest('is replaced by its standby: nothing that was acknowledged is lost', async () => {
    const primary = await ownServer();
    const standby = await ownStandby(primary);
    await ask(primary, "ALTER SYSTEM SET synchronous_standby_names = 'standby'");
    await ask(primary, 'SELECT pg_reload_conf()');
    // Stands for an address that is moved from one server to the other.
    const place = join(temporaryFolder(), 'server');
    symlinkSync(primary.host, place);
    const store = await openOn({ host: place, port: primary.port });
    const repository = guardRepository(store);
    const writers = new Writers(repository, 8);
    await until(async () => writers.acknowledged.length > 100);
    const position = await store.position();
    await primary.crash();
    await ask(standby, 'SELECT pg_promote()');
    symlinkSync(standby.host, `${place}-next`);
    renameSync(`${place}-next`, place);
    const after = writers.acknowledged.length;
    await until(async () => writers.acknowledged.length > after + 100);
    await writers.end();
    await checkNothingLost(repository, writers);
    // What follows the ledger has to start over: on the new server other changes may have these places.
    await expect(store.changes(position, 10)).rejects.toMatchObject({ code: 'POSITION_UNKNOWN' });
    await repository.close();
  });

  serverTest('gives each run to one of those who claim, also when it dies in between', async () => {
    const server = await ownServer();
    const repository = guardRepository(await openOn(server));
    await repository.saveMany(
      Array.from({ length: 400 }, (_, number) => makeRun(number, { status: 'QUEUED' })),
    );
    const claimed: string[] = [];
    const claimAll = async () => {
      for (let run = await repository.claim(); run !== null; run = await repository.claim()) {
        claimed.push(run.id);
      }
    };
    const claiming = Promise.all(Array.from({ length: 6 }, claimAll));
    for (const many of [50, 150]) {
      await until(async () => claimed.length > many);
      await server.crash();
      await server.restart();
    }
    await claiming;
    // A claim whose acknowledgement was lost is found again by its mark in the ledger.
    expect(new Set(claimed).size).toBe(400);
    expect(claimed).toHaveLength(400);
    expect((await repository.statistics()).byStatus.RUNNING).toBe(400);
    await repository.close();
  });

  serverTest('is given up when it says nothing, and asked again', async () => {
    const relay = await openRelay(await ownServer());
    const repository = guardRepository(
      await openOn(relay, { statementTimeoutMs: 100, connectTimeoutMs: 500, waitMs: 1_500 }),
    );
    await repository.save(makeRun(1));
    relay.silence();
    await expect(repository.findById(makeRun(1).id)).rejects.toMatchObject({ code: 'UNREACHABLE' });
    relay.resume();
    expect(await repository.findById(makeRun(1).id)).toMatchObject({ id: makeRun(1).id });
    await repository.close();
  });

  serverTest('leaves a change in doubt when it stays away, and says so', async () => {
    const server = await ownServer();
    const relay = await openRelay(server);
    const repository = guardRepository(await openOn(relay, { waitMs: 1_000 }));
    await repository.save(makeRun(1));
    // Until others have been told of it, and every connection is free.
    await sleep(500);
    relay.muffle();
    const saving = repository.save(makeRun(2));
    const refusal = expect(saving).rejects.toMatchObject({
      code: 'UNREACHABLE',
      message: expect.stringContaining('whether it took effect is not known'),
    });
    await until(async () => {
      const { n } = await ask<{ n: number }>(
        server,
        'SELECT count(*)::int AS n FROM runs.agent_runs',
      );
      return n === 2;
    });
    relay.cut();
    await refusal;
    await expect(repository.findById(makeRun(2).id)).rejects.toMatchObject({
      code: 'UNREACHABLE',
      message: expect.not.stringContaining('not known'),
    });
    await repository.close();
  });
});
