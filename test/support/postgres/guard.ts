import { spawn } from 'node:child_process';
import { rmSync } from 'node:fs';

/**
 * Runs a server as its direct child and ends it when this process is asked to or its standard input
 * closes, which the system does when the parent dies in whatever way: no server is left behind.
 *
 *     node guard.ts <folder> <user id> <program> <arguments…>
 */
const [folder = '', uid = '', command = '', ...args] = process.argv.slice(2);
const user = uid === '' ? {} : { uid: Number(uid), gid: Number(uid) };
const server = spawn(command, args, { stdio: ['ignore', 'ignore', 'inherit'], ...user });

/** Ends it at once: what it holds is thrown away with its folder. */
const end = () => server.kill('SIGQUIT');
let isOrphan = false;
process.stdin
  .on('close', () => {
    isOrphan = true;
    end();
  })
  .resume();
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, end);
server.on('exit', (code, signal) => {
  // Its parent is gone, and cannot clear away.
  if (isOrphan) rmSync(folder, { recursive: true, force: true });
  process.exit(signal === null ? (code ?? 1) : 1);
});
