import { existsSync } from 'node:fs';
import { failedRuns, performanceByRepository, runsAbout } from './queries.ts';
import { runDataSource } from './run-data-source.ts';

const HOUR = 3_600_000;
const [database = './data/claude-runs.db', since] = process.argv.slice(2);

/** The moment that was given, or so many hours ago. */
function sinceOr(hours: number): Date {
  return since === undefined ? new Date(Date.now() - hours * HOUR) : new Date(since);
}

if (since !== undefined && Number.isNaN(Date.parse(since))) {
  console.error(`"${since}" is no date: write it as 2026-01-31.`);
  process.exit(1);
}

// TypeORM would make the folder of a database that is not there.
if (existsSync(database)) {
  const runs = await runDataSource(database).initialize();
  // A table of the console shows texts with their control characters escaped.
  console.log('Failed:');
  console.table(
    (await failedRuns(runs, sinceOr(24))).map(({ startedAt, repository, input, error }) => ({
      startedAt,
      repository,
      prompt: input?.prompt.slice(0, 40),
      error: error?.message.slice(0, 40),
    })),
  );
  console.log('By repository:');
  console.table(await performanceByRepository(runs, sinceOr(7 * 24)));
  console.log('About "commit message":');
  console.table(
    (await runsAbout(runs, ['commit', 'message'])).map(({ startedAt, repository, input }) => ({
      startedAt,
      repository,
      prompt: input?.prompt.slice(0, 60),
    })),
  );
  await runs.destroy();
} else {
  console.error(`There is no database at ${database}: "npm start" makes one.`);
  process.exitCode = 1;
}
