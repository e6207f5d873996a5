import { expect, test } from 'vitest';
import { ERROR_CODES } from '../../src/repository/errors.ts';
import { firstCells, quotedIn, sectionsOf } from './support/markdown.ts';
import { readTree, withoutComments } from './support/source-tree.ts';

const codes = Object.keys(ERROR_CODES);

test('docs/errors.md explains every code, and no other, in the order of the source', () => {
  const page = readTree('docs', 'errors.md')[0];
  const table = page && sectionsOf(page).find(({ heading }) => heading === 'Codes');
  expect(firstCells(table?.text ?? '').flatMap(quotedIn)).toEqual(codes);
});

test('every code is used: one that nothing reports is a promise that nobody keeps', () => {
  const source = readTree('src', '.ts')
    .filter(({ path }) => path !== 'src/repository/errors.ts')
    .map(({ text }) => withoutComments(text))
    .join('\n');
  expect(codes.filter((code) => !source.includes(`'${code}'`))).toEqual([]);
});
