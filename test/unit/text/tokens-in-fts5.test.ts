import { DatabaseSync } from 'node:sqlite';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { TOKEN_PUNCTUATION } from '../../../src/domain/text/token-punctuation.ts';
import { tokenize } from '../../../src/domain/text/tokenize.ts';
import { anyText } from './any-text.ts';

it('FTS5 splits joined tokens where they were joined', () => {
  using database = new DatabaseSync(':memory:');
  database.exec(`
    CREATE VIRTUAL TABLE texts USING fts5(body, tokenize = "ascii tokenchars '${TOKEN_PUNCTUATION}'");
    CREATE VIRTUAL TABLE terms USING fts5vocab(texts, instance);
  `);
  const insert = database.prepare('INSERT INTO texts (rowid, body) VALUES (1, ?)');
  const read = database.prepare('SELECT term FROM terms ORDER BY offset');
  const property = fc.property(anyText, (text) => {
    const tokens = tokenize(text);
    database.exec('DELETE FROM texts');
    insert.run(tokens.join(' '));
    expect(read.all().map(({ term }) => term)).toEqual(tokens);
  });
  fc.assert(property, { numRuns: 300 });
});
