import { FORMATS } from '../backup/support/backups.ts';
import { describeThroughBackup } from './support/describe-through-backup.ts';
import { KINDS, type Kind } from './support/kinds.ts';

/** What each kind is restored into: all of them are, and each is backed up in each format. */
const INTO: [Kind, Kind][] = [
  [KINDS.memory, KINDS.file],
  [KINDS.file, KINDS.sqlite],
  [KINDS.sqlite, KINDS.postgres],
  [KINDS.postgres, KINDS.memory],
];

for (const format of FORMATS) {
  for (const [from, to] of INTO) describeThroughBackup(from, to, format);
}
