import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { chownSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { whereInMemory } from '../temporary-folder.ts';

/** A server that was started for tests. */
export interface TestServer {
  /** The folder of its socket, which is its host. */
  host: string;
  port: number;
  /** Its data. */
  folder: string;
  /** Ends it and throws its data away. */
  stop(): Promise<void>;
}

/** A server does not run as root: there it is nobody. */
const NOBODY = 65_534;
const USER = process.getuid?.() === 0 ? NOBODY : undefined;
const PORT = 5432;

/**
 * Makes a new cluster and starts a server on it: in memory, unless it says where else. `settings` go
 * beyond those of tests.
 */
export async function startServer(
  binaries: string,
  settings: Readonly<Record<string, string>> = {},
  place = whereInMemory() ?? tmpdir(),
): Promise<TestServer> {
  const folder = mkdtempSync(join(place, 'runledger-pg-'));
  if (USER !== undefined) chownSync(folder, USER, USER);
  const data = join(folder, 'data');
  makeCluster(binaries, data);
  return runServer(binaries, folder, settings);
}

function makeCluster(binaries: string, data: string): void {
  const made = spawnSync(
    join(binaries, 'initdb'),
    ['-D', data, '-U', 'postgres', '--auth=trust', '--no-sync', '-E', 'UTF8', '--locale=C'],
    { encoding: 'utf8', ...(USER !== undefined && { uid: USER, gid: USER }) },
  );
  if (made.status !== 0) throw new Error(`initdb failed: ${made.stderr}${made.error ?? ''}`);
}

async function runServer(
  binaries: string,
  folder: string,
  settings: Readonly<Record<string, string>>,
): Promise<TestServer> {
  const all = {
    listen_addresses: '',
    unix_socket_directories: folder,
    port: String(PORT),
    // Nothing here has to survive a power cut, and nothing is to write to a disk in vain.
    fsync: 'off',
    full_page_writes: 'off',
    max_connections: '200',
    shared_buffers: '64MB',
    max_wal_size: '256MB',
    log_min_messages: 'fatal',
    ...settings,
  };
  const options = Object.entries(all).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
  const command = [join(binaries, 'postgres'), '-D', join(folder, 'data'), ...options];
  const guard = spawn(
    process.execPath,
    [join(import.meta.dirname, 'guard.ts'), USER === undefined ? '' : String(USER), ...command],
    { stdio: ['pipe', 'ignore', 'pipe'] },
  );
  let said = '';
  guard.stderr.setEncoding('utf8').on('data', (text: string) => {
    said += text;
  });
  const ended = once(guard, 'exit');
  await untilReady(
    folder,
    () => guard.exitCode === null,
    () => said,
  );
  return {
    host: folder,
    port: PORT,
    folder,
    async stop() {
      guard.stdin.end();
      await ended;
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

async function untilReady(
  host: string,
  isRunning: () => boolean,
  said: () => string,
): Promise<void> {
  for (;;) {
    if (!isRunning()) throw new Error(`The test server ended: ${said()}`);
    const client = new pg.Client({ host, port: PORT, user: 'postgres', database: 'postgres' });
    client.on('error', () => {});
    try {
      await client.connect();
      await client.end();
      return;
    } catch {
      // It is not ready yet; if it never is, it ends and says why, or the test's time does.
      await sleep(20);
    }
  }
}
