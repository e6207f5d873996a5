import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { DataSource } from 'typeorm';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  failedRuns,
  performanceByRepository,
  runsAbout,
} from '../../../examples/typeorm/queries.ts';
import { runDataSource } from '../../../examples/typeorm/run-data-source.ts';
import { openRunRepository } from '../../../src/open-repository.ts';
import type { RunRepository } from '../../../src/repository/run-repository.ts';
import { sharedFolder } from '../../cli/support/program.ts';
import { ROOT } from '../../house/support/source-tree.ts';
import { runChild } from '../../support/child.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

/** Some of the example runs started before it, and one at that very moment. */
const SINCE = '2026-09-14T08:31:47.902Z';

let repository: RunRepository;
let runs: DataSource;

beforeAll(async () => {
  const database = join(await sharedFolder(), 'data/claude-runs.db');
  repository = await openRunRepository(`sqlite:${database}`);
  runs = await runDataSource(database).initialize();
});

afterAll(async () => {
  await runs.destroy();
  await repository.close();
});

describe('the queries answer what the repository answers', () => {
  test('the runs that failed', async () => {
    const found = await failedRuns(runs, new Date(SINCE));
    const { items } = await repository.list({ status: 'FAILED', since: SINCE });
    expect(items.length).toBeGreaterThan(1);
    expect(
      found.map(({ id, input, error }) => [id, input?.promptHead ?? input?.prompt, error?.message]),
    ).toEqual(items.map(({ id, prompt, errorMessage }) => [id, prompt, errorMessage]));
  });

  test('the performance by repository', async () => {
    const { byRepository } = await repository.statistics({ since: SINCE });
    expect(byRepository.length).toBeGreaterThan(1);
    expect(await performanceByRepository(runs, new Date(SINCE))).toEqual(
      byRepository.map(({ lastRunAt: _, ...figures }) => figures),
    );
  });

  test('the runs about some words', async () => {
    const found = await runsAbout(runs, ['COMMIT', 'message']);
    const { items } = await repository.search('commit message');
    expect(items.length).toBeGreaterThan(1);
    expect(found.map(({ id }) => id)).toEqual(items.map(({ run }) => run.id));
    expect(await runsAbout(runs, ['commit', 'm_ssage'])).toEqual([]);
  });
});

describe('the program', () => {
  const program = [process.execPath, join(ROOT, 'examples/typeorm/main.ts')];

  test('shows the three', async () => {
    const { code, stdout, stderr } = await runChild([...program, './data/claude-runs.db', SINCE], {
      cwd: await sharedFolder(),
    });
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    for (const shown of ['HTTP 429', 'orders-api', 'Write a commit message']) {
      expect(stdout).toContain(shown);
    }
  });

  test('makes nothing where there is no database', async () => {
    const cwd = temporaryFolder();
    const { code, stderr } = await runChild(program, { cwd });
    expect(code).toBe(1);
    expect(stderr).toContain('no database at ./data/claude-runs.db');
    expect(existsSync(join(cwd, 'data'))).toBe(false);
  });
});
