import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { brokenLinks } from './support/broken-links.ts';
import { readDocs } from './support/markdown.ts';
import { ROOT } from './support/source-tree.ts';

test('every link between the pages leads somewhere', () => {
  expect(brokenLinks(readDocs())).toEqual([]);
});

test('every script of npm that a page names is there', () => {
  const { scripts } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'));
  const named = readDocs().flatMap(({ text }) =>
    [...text.matchAll(/\bnpm run (?:-s )?([a-z:]+)/g)].map(([, script = '']) => script),
  );
  expect(named).toContain('migrate:runs');
  expect(named.filter((script) => !(script in scripts))).toEqual([]);
});

test.each([
  '[gone](./docs/gone.md)',
  '[no such part](./package.json#no-such-part)',
  '# Here\n\n[no such part](#there)',
])('a broken link is seen: %j', (text) => {
  expect(brokenLinks([{ path: 'README.md', text }])).toHaveLength(1);
});

test.each([
  '[part](#over-here)\n\n## Over `here`',
  '[elsewhere](https://nodejs.org/nowhere)',
  '```\n[a](b)\n```',
])('a good link is let through: %j', (text) => {
  expect(brokenLinks([{ path: 'README.md', text }])).toEqual([]);
});
