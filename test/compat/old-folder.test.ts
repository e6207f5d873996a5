import { cpSync, readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { expect, test } from 'vitest';
import { ROOT } from '../house/support/source-tree.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { oldRun } from './support/old-run.ts';
import { storageAt } from './support/stores.ts';

const EXAMPLES = join(ROOT, 'examples/claude-runs');
/** What the old words mean today; the others are the same. */
const STATUSES: Record<string, string> = {
  PENDING: 'QUEUED',
  STARTED: 'RUNNING',
  COMPLETED: 'SUCCESS',
  TIMEOUT: 'FAILED',
};

function copyOfExamples() {
  const folder = temporaryFolder();
  cpSync(EXAMPLES, folder, { recursive: true });
  return { folder, files: readdirSync(folder).map((name) => read(folder, name)) };
}

function read(folder: string, name: string) {
  return JSON.parse(readFileSync(join(folder, name), 'utf8'));
}

test.each([
  ['whole', (folder: string) => folder],
  ['relative', (folder: string) => `./${relative(process.cwd(), folder)}`],
])('a folder that the old class wrote is opened by its path, %s', async (_, pathOf) => {
  const { folder, files } = copyOfExamples();
  const storage = storageAt(pathOf(folder));
  for (const { id, status, input } of files) {
    const found = { status: STATUSES[status] ?? status, input };
    expect(await storage.getRun(id)).toMatchObject(found);
  }
  expect((await storage.getAllRuns()).total).toBe(files.length);
});

test('and is gone on with: a file that nobody saves stays as it was', async () => {
  const { folder, files } = copyOfExamples();
  const storage = storageAt(folder);
  const [first, ...others] = files;
  const run = await storage.getRun(first.id);
  if (run === null) throw new Error('The first of the examples is not there.');
  await storage.saveRun({ ...run, repository: 'another' });
  await storage.saveRun(oldRun(2));
  expect(read(folder, `${first.id}.json`)).toMatchObject({ repository: 'another', version: 2 });
  expect(read(folder, `${oldRun(2).id}.json`)).toMatchObject({ input: oldRun(2).input });
  for (const { id } of others) {
    const name = `${id}.json`;
    expect(readFileSync(join(folder, name))).toEqual(readFileSync(join(EXAMPLES, name)));
  }
});
