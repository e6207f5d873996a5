import { setTimeout as sleep } from 'node:timers/promises';
import { expect } from 'vitest';
import { makeRun } from '../../../../src/conformance/make-run.ts';
import type { AgentRun } from '../../../../src/domain/run.ts';
import { guardRepository } from '../../../../src/repository/guard/guarded-repository.ts';
import type { LedgerPosition } from '../../../../src/repository/position.ts';
import { ask, openOn, until } from '../../../postgres/support/own-servers.ts';
import type { TestServer } from '../../../support/postgres/server.ts';
import { documentedStatements } from './recovery-page.ts';

/** A moment by the clock of a server: what was done before is before it, and nothing else. */
export async function momentOn(server: TestServer): Promise<string> {
  const { moment } = await ask<{ moment: string }>(
    server,
    `SELECT to_char((clock_timestamp() + interval '1 millisecond') AT TIME ZONE 'UTC',
      'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') AS moment`,
  );
  await sleep(5);
  return moment;
}

/** Ends the piece of the log that is written now, waits until it is kept elsewhere, and gives its name. */
export async function archiveLog(server: TestServer): Promise<string> {
  const switched = 'SELECT pg_walfile_name(pg_switch_wal()) AS name';
  const { name } = await ask<{ name: string }>(server, switched);
  const isKept = `SELECT FROM pg_stat_archiver WHERE last_archived_wal >= '${name}'`;
  await until(async () => (await ask(server, isKept)) !== undefined);
  return name;
}

/** Fails unless a server that stopped at a moment shows these runs, and takes none. */
export async function checkPaused(server: TestServer, runs: readonly AgentRun[]): Promise<void> {
  await checkRuns(server, runs);
  const repository = guardRepository(await openOn(server));
  await expect(repository.save(makeRun(999))).rejects.toMatchObject({ code: 'READ_ONLY' });
  await repository.close();
}

/** Has a server that stopped at a moment go on from there, by the statements of the page. */
export async function goOn(server: TestServer): Promise<void> {
  for (const sql of documentedStatements('pg_wal_replay_resume')) await ask(server, sql);
  await untilPrimary(server);
  for (const sql of documentedStatements('ALTER SYSTEM RESET')) await ask(server, sql);
  // A standby that is made from it would stop there too.
  const left = "SELECT name FROM pg_file_settings WHERE name LIKE 'recovery_target%'";
  expect(await ask(server, left)).toBeUndefined();
}

async function untilPrimary(server: TestServer): Promise<void> {
  const isPrimary = 'SELECT WHERE NOT pg_is_in_recovery()';
  await until(async () => (await ask(server, isPrimary)) !== undefined);
}

/**
 * Waits until a server takes writes. Fails unless it has these runs, refuses positions of the server that
 * was lost, and keeps what is written now.
 */
export async function checkRecovered(
  server: TestServer,
  runs: readonly AgentRun[],
  positions: readonly LedgerPosition[],
): Promise<void> {
  await untilPrimary(server);
  await checkRuns(server, runs);
  const store = await openOn(server);
  for (const position of positions) {
    await expect(store.changes(position, 10)).rejects.toMatchObject({ code: 'POSITION_UNKNOWN' });
  }
  const repository = guardRepository(store);
  await repository.save(makeRun(999));
  expect((await store.changes(null, 1_000)).at(-1)?.runId).toBe(makeRun(999).id);
  await repository.close();
}

async function checkRuns(server: TestServer, runs: readonly AgentRun[]): Promise<void> {
  const repository = guardRepository(await openOn(server));
  const { items } = await repository.list({}, { order: 'oldest' });
  expect(items.map(({ id }) => id)).toEqual(runs.map(({ id }) => id));
  for (const run of runs) expect(await repository.findById(run.id)).toMatchObject(run);
  await repository.close();
}
