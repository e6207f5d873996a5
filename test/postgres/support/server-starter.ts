import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { findBinaries, MAJORS } from '../../support/postgres/binaries.ts';
import { startServer } from '../../support/postgres/server.ts';

/** Starts a server, says the number of its process, and waits to be killed. */
const binaries = MAJORS.map(findBinaries).findLast((found) => found !== null);
if (!binaries) throw new TypeError('There are no programs of a server here.');
const { host } = await startServer(binaries);
const [pid] = readFileSync(join(host, 'data', 'postmaster.pid'), 'utf8').split('\n');
// It is killed, and cannot clear away: a server does well without the names of its files.
rmSync(host, { recursive: true, force: true });
process.stdout.write(`${pid}\n`);
setInterval(() => {}, 1_000_000);
