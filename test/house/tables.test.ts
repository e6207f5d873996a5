import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { expect, test } from 'vitest';
import { openRunRepository } from '../../src/open-repository.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { firstCells, quotedIn, sectionsOf } from './support/markdown.ts';
import { readTree } from './support/source-tree.ts';

/** Tables that FTS5 makes for itself. */
const OF_FTS5 = /^run_search_(?:config|data|docsize|idx)$/;

test('docs/architecture.md names every table of the database, and no other', async () => {
  const path = join(temporaryFolder(), 'runs.db');
  await (await openRunRepository(`sqlite:${path}`)).close();
  using database = new DatabaseSync(path, { readOnly: true });
  const made = database
    .prepare("SELECT name FROM sqlite_schema WHERE type = 'table'")
    .all()
    .map(({ name }) => String(name))
    .filter((name) => !OF_FTS5.test(name));

  const page = readTree('docs', 'architecture.md')[0];
  const section = page && sectionsOf(page).find(({ heading }) => heading === 'The stored form');
  const documented = firstCells(section?.text ?? '').flatMap(quotedIn);
  expect(documented.sort()).toEqual(made.sort());
});
