import { expect, test } from 'vitest';
import { firstCells, quotedIn, sectionsOf } from './support/markdown.ts';
import { readTree } from './support/source-tree.ts';

test('docs/architecture.md names every table of the database, and no other', () => {
  const page = readTree('docs', 'architecture.md')[0];
  const section = page && sectionsOf(page).find(({ heading }) => heading === 'The stored form');
  const documented = firstCells(section?.text ?? '').flatMap(quotedIn);
  const schema = readTree('test/migrations', 'sqlite-schema.sql')[0]?.text ?? '';
  const made = [...schema.matchAll(/^CREATE (?:VIRTUAL )?TABLE "?(\w+)/gm)].map(([, name]) => name);
  expect(made).toContain('agent_runs');
  expect(documented.sort()).toEqual(made.sort());
});
