import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { expect, test, vi } from 'vitest';
import { makeRun } from '../../src/conformance/make-run.ts';
import { openRunRepository, openRunSource } from '../../src/open-repository.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

test('memory is no source: it would always be empty', async () => {
  for (const target of ['memory:', { type: 'memory' as const }]) {
    await expect(openRunSource(target)).rejects.toMatchObject({ code: 'INVALID' });
  }
});

test('a source is read and not migrated', async () => {
  const path = join(temporaryFolder(), 'old.db');
  writeFileSync(path, '');
  const before = readFileSync(path);
  for (const target of [`sqlite:${path}`, { type: 'sqlite', database: path, synchronize: true }]) {
    await expect(openRunSource(target as string)).rejects.toMatchObject({ code: 'SCHEMA_OLDER' });
  }
  using database = new DatabaseSync(path);
  expect(database.prepare('SELECT name FROM sqlite_schema').all()).toEqual([]);
  expect(before).toHaveLength(0);
});

/** What is written to standard error meanwhile. */
async function standardErrorOf(work: () => Promise<void>): Promise<string> {
  const write = vi.spyOn(process.stderr, 'write').mockReturnValue(true);
  try {
    await work();
    return write.mock.calls.map(([text]) => String(text)).join('');
  } finally {
    write.mockRestore();
  }
}

test('logging: true tells each statement in a line, with its time and without values', async () => {
  const database = join(temporaryFolder(), 'runs.db');
  const said = await standardErrorOf(async () => {
    const runs = await openRunRepository({ type: 'sqlite', database, logging: true });
    await runs.save(makeRun(1, { repository: 'acme/hidden' }));
    await runs.close();
  });
  const lines = said.trimEnd().split('\n');
  for (const line of lines) expect(line).toMatch(/^sqlite \d+\.\d ms: \S/);
  expect(said).toMatch(/ms: INSERT INTO agent_runs/);
  expect(said).not.toContain('acme/hidden');
});

test("logging: ['error'] tells failures alone", async () => {
  const database = join(temporaryFolder(), 'runs.db');
  const said = await standardErrorOf(async () => {
    const runs = await openRunRepository({ type: 'sqlite', database, logging: ['error'] });
    await runs.save(makeRun(1));
    using other = new DatabaseSync(database);
    other.exec(
      "CREATE TRIGGER no BEFORE DELETE ON agent_runs BEGIN SELECT RAISE(FAIL, 'not\nso'); END",
    );
    await expect(runs.delete(makeRun(1).id)).rejects.toThrow();
    await runs.close();
  });
  expect(said).toMatch(/^sqlite \d+\.\d ms: DELETE FROM agent_runs.* failed: not so\n$/);
});
