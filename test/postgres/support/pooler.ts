import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chownSync, existsSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { onTestFinished } from 'vitest';
import type { TestServer } from '../../support/postgres/server.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

const PORT = 6432;
const NOBODY = 65_534;

/** Where PgBouncer is installed; null where it is not. */
export function findPooler(): string | null {
  const folders = [...(process.env.PATH ?? '').split(delimiter), '/usr/sbin'];
  return folders.map((one) => join(one, 'pgbouncer')).find((one) => existsSync(one)) ?? null;
}

/** Starts PgBouncer in transaction mode before a server, with a few connections, for this test. */
export async function startPooler(
  program: string,
  { host, port }: TestServer,
): Promise<{ host: string; port: number }> {
  const folder = temporaryFolder();
  const configuration = join(folder, 'pgbouncer.ini');
  writeFileSync(
    configuration,
    `[databases]
* = host=${host} port=${port} user=postgres
[pgbouncer]
listen_addr =
listen_port = ${PORT}
unix_socket_dir = ${folder}
auth_type = any
pool_mode = transaction
default_pool_size = 3
max_client_conn = 100
`,
  );
  const isRoot = process.getuid?.() === 0;
  if (isRoot) for (const path of [folder, configuration]) chownSync(path, NOBODY, NOBODY);
  const child = spawn(program, [configuration], {
    stdio: 'ignore',
    ...(isRoot && { uid: NOBODY, gid: NOBODY }),
  });
  const ended = once(child, 'exit');
  onTestFinished(async () => {
    child.kill('SIGKILL');
    await ended;
  });
  while (!existsSync(join(folder, `.s.PGSQL.${PORT}`)) && child.exitCode === null) await sleep(20);
  return { host: folder, port: PORT };
}
