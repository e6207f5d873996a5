// Writes rows to a bare SQLite database for as long as it lives and reports each: what Runledger is
// compared with under power cuts. Arguments: the file, the level of PRAGMA synchronous.
import { DatabaseSync } from 'node:sqlite';
import { setTimeout as delay } from 'node:timers/promises';
import { endWithParent } from '../../support/end-with-parent.ts';
import { tellBegin, tellDone } from './report.ts';

const [path = '', synchronous] = process.argv.slice(2);

endWithParent();
const database = new DatabaseSync(path);
database.exec(`
  PRAGMA journal_mode = WAL;
  PRAGMA synchronous = ${synchronous};
  CREATE TABLE kept (id TEXT PRIMARY KEY, digest TEXT NOT NULL)`);
const insert = database.prepare('INSERT INTO kept VALUES (?, ?)');
for (let number = 0; ; number += 1) {
  const row = [`row ${number}`, 'whole'] as const;
  tellBegin({ kind: 'save', digests: Object.fromEntries([row]) });
  insert.run(...row);
  tellDone();
  await delay(1);
}
