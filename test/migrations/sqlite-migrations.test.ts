import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { openSqliteStore } from '../../src/stores/sqlite/open-sqlite-store.ts';
import { applySqliteSchema, readSqliteSchema } from '../../src/stores/sqlite/schema.ts';
import { startChild } from '../support/child.ts';
import { change, newPath, openStore, rowsOf } from '../unit/sqlite/support/store-file.ts';

const OPENER = fileURLToPath(new URL('support/opener.ts', import.meta.url));

/** Everything that a database was made with, but for what the search index makes for itself. */
function dumpOf(path: string): string {
  const sql = `SELECT sql FROM sqlite_schema
    WHERE sql IS NOT NULL AND name NOT GLOB 'run_search_*' ORDER BY type DESC, name`;
  return `${rowsOf(path, sql)
    .map((row) => `${String(row.sql)};`)
    .join('\n\n')}\n`;
}

describe('the schema', () => {
  test('is the one in sqlite-schema.sql', async () => {
    const path = newPath();
    await openStore({ path });
    const expected = readFileSync(join(import.meta.dirname, 'sqlite-schema.sql'), 'utf8');
    expect(dumpOf(path)).toBe(expected);
  });

  test('answers the questions that people ask of it', async () => {
    const path = newPath();
    await openStore({ path });
    const failures = `SELECT r.*, i.prompt, e.message AS error_message
      FROM agent_runs r JOIN agent_inputs i ON r.id = i.run_id JOIN run_errors e ON r.id = e.run_id
      WHERE r.status = 'FAILED' ORDER BY r.started_at DESC`;
    expect(rowsOf(path, failures)).toEqual([]);
  });
});

describe('migrations', () => {
  test('are told as pending and then as applied', async () => {
    const path = newPath();
    const pending = await readSqliteSchema(path);
    expect(pending).toContainEqual({ number: 1, name: '0001-runs.sql', appliedAt: null });
    expect(pending.map(({ number }) => number)).toEqual(pending.map((_, index) => index + 1));
    const applied = await applySqliteSchema(path);
    expect(applied.map(({ name }) => name)).toEqual(pending.map(({ name }) => name));
    for (const { appliedAt } of await readSqliteSchema(path)) {
      expect(Date.parse(appliedAt ?? '')).toBeGreaterThan(Date.now() - 60_000);
    }
    expect(await applySqliteSchema(path)).toEqual([]);
    await openStore({ path, synchronize: false });
  });

  test('that are pending are not applied without `synchronize`; the command is named', async () => {
    const path = newPath();
    const refusal = {
      code: 'SCHEMA_OLDER',
      message: expect.stringContaining('0001-runs.sql'),
      hint: expect.stringContaining('runledger schema --apply'),
    };
    await expect(openSqliteStore({ path, synchronize: false })).rejects.toMatchObject(refusal);
    expect(await readSqliteSchema(path)).toContainEqual(
      expect.objectContaining({ appliedAt: null }),
    );

    await applySqliteSchema(path);
    change(path, "DELETE FROM schema_migrations WHERE name = '0001-runs.sql'");
    await expect(openSqliteStore({ path, synchronize: false })).rejects.toMatchObject(refusal);
  });

  test('that fail leave nothing of themselves', async () => {
    const path = newPath();
    await applySqliteSchema(path);
    // Its tables are there already: the first statement fails, its version row goes with it.
    change(path, 'DELETE FROM schema_migrations');
    await expect(openSqliteStore({ path })).rejects.toMatchObject({ code: 'STORE_FAILED' });
    expect(rowsOf(path, 'SELECT * FROM schema_migrations')).toEqual([]);
  });

  test('of a newer program are refused, and the database is left as it is', async () => {
    const path = newPath();
    await applySqliteSchema(path);
    change(path, "INSERT INTO schema_migrations VALUES (9999, '9999-later.sql', 0)");
    const before = readFileSync(path);
    const refusal = { code: 'SCHEMA_NEWER', hint: expect.any(String) };
    await expect(openSqliteStore({ path })).rejects.toMatchObject(refusal);
    await expect(readSqliteSchema(path)).rejects.toMatchObject(refusal);
    await expect(applySqliteSchema(path)).rejects.toMatchObject(refusal);
    expect(readFileSync(path)).toEqual(before);
  });

  test('20 processes that start at once make one store', { timeout: 120_000 }, async () => {
    const path = newPath();
    const children = Array.from({ length: 20 }, () => startChild([process.execPath, OPENER, path]));
    const ended = await Promise.all(children.map((child) => child.ended));
    expect(ended.map(({ code, stderr }) => ({ code, stderr }))).toEqual(
      children.map(() => ({ code: 0, stderr: '' })),
    );
    expect(new Set(ended.map(({ stdout }) => stdout)).size).toBe(1);
    const migrations = await readSqliteSchema(path);
    expect(rowsOf(path, 'SELECT number FROM schema_migrations')).toHaveLength(migrations.length);
  });
});
