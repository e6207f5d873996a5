// Backs a store up onto a disk that is too small, makes room, does it again, and prints
// `BackupOnFullDiskFacts`. For a mount namespace of its own. Argument: an empty folder.
import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { openRunRepository } from '../../../src/index.ts';
import { type EndedChild, runChild } from '../../support/child.ts';
import { endWithParent } from '../../support/end-with-parent.ts';
import { cli } from './cli.ts';
import { faultRun } from './fault-run.ts';

/** What came of it. */
export interface BackupOnFullDiskFacts {
  /** Of each format on the full disk: how it ended, and what it left there. */
  full: { ended: EndedChild; left: string[] }[];
  /** With room again: how making it and verifying it ended. */
  again: EndedChild[];
}

const [folder = ''] = process.argv.slice(2);
const disk = join(folder, 'disk');
const ballast = join(disk, 'ballast');
const store = `sqlite:${join(folder, 'runs.db')}`;

endWithParent();
mkdirSync(disk);
execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=8m', 'tmpfs', disk]);
writeFileSync(ballast, Buffer.alloc(7_000_000));
const repository = await openRunRepository(store);
for (let number = 0; number < 20; number += 1) {
  const run = faultRun(number);
  // What cannot be compressed fills a disk as it is.
  const diff = randomBytes(100_000).toString('base64');
  await repository.save({ ...run, input: { ...run.input, diff } });
}
await repository.close();

const full: BackupOnFullDiskFacts['full'] = [];
for (const format of ['ndjson', 'json', 'sqlite']) {
  const ended = await runChild(cli('backup', '--store', store, '--out', disk, '--format', format));
  full.push({ ended, left: readdirSync(disk).filter((name) => name !== 'ballast') });
}
rmSync(ballast);
const out = join(disk, 'runs.json');
const again = [
  await runChild(cli('backup', '--store', store, '--out', out)),
  await runChild(cli('verify', out)),
];
const facts: BackupOnFullDiskFacts = { full, again };
process.stdout.write(JSON.stringify(facts), () => process.exit());
