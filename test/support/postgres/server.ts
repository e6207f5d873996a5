import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { chownSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
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
  /** The programs that it was started with. */
  binaries: string;
  /** Kills it as a crash does (`kill -9` of its first process) and waits until it is gone. */
  crash(): Promise<void>;
  /** Starts it again after a crash. */
  restart(): Promise<void>;
  /** Ends it and throws its data away. A second call does nothing. */
  stop(): Promise<void>;
}

/** Settings of a server, by their names. */
export type ServerSettings = Readonly<Record<string, string>>;

/** A server does not run as root: there it is nobody. */
const NOBODY = 65_534;
const USER = process.getuid?.() === 0 ? NOBODY : undefined;
/** How programs are started that work on the data of a server. */
export const AS_SERVER_USER = USER === undefined ? {} : { uid: USER, gid: USER };
/** Nothing here has to survive a power cut, and nothing is to write to a disk in vain. */
const FOR_TESTS: ServerSettings = {
  listen_addresses: '',
  port: '5432',
  fsync: 'off',
  full_page_writes: 'off',
  max_connections: '200',
  shared_buffers: '64MB',
  max_wal_size: '256MB',
  log_min_messages: 'fatal',
  // A standby begins with what was written while its data was copied.
  wal_keep_size: '64MB',
};

/**
 * Makes a new cluster and starts a server on it: in memory, unless it says where else. `settings` go
 * beyond those of tests.
 */
export async function startServer(
  binaries: string,
  settings: ServerSettings = {},
  place = whereInMemory() ?? tmpdir(),
): Promise<TestServer> {
  const folder = serverFolder(place);
  const options = ['-U', 'postgres', '--auth=trust', '--no-sync', '-E', 'UTF8', '--locale=C'];
  runProgram(binaries, 'initdb', ['-D', join(folder, 'data'), ...options]);
  return startServerIn(binaries, folder, settings);
}

/** Starts a standby that follows a server. */
export async function startStandby(
  primary: TestServer,
  settings: ServerSettings = {},
): Promise<TestServer> {
  const { binaries, host, port } = primary;
  const folder = serverFolder();
  const data = join(folder, 'data');
  const client = new pg.Client({ host, port, user: 'postgres', database: 'postgres' });
  await client.connect();
  // By hand, because packages bring no pg_basebackup along.
  await client.query("SELECT pg_backup_start('standby', true)");
  const copied = spawnSync('cp', ['-a', join(host, 'data'), data], { encoding: 'utf8' });
  if (copied.status !== 0) throw new Error(`cp failed: ${copied.stderr}`);
  rmSync(join(data, 'postmaster.pid'), { force: true });
  const { rows } = await client.query('SELECT labelfile FROM pg_backup_stop(false)');
  await client.end();
  for (const [name, text] of [
    ['backup_label', rows[0].labelfile],
    ['standby.signal', ''],
  ]) {
    writeFileSync(join(data, name), text);
    if (USER !== undefined) chownSync(join(data, name), USER, USER);
  }
  const primary_conninfo = `host=${host} port=${port} user=postgres application_name=standby`;
  return startServerIn(binaries, folder, { primary_conninfo, ...settings });
}

/** A new folder of the user that servers run as. */
export function serverFolder(place = whereInMemory() ?? tmpdir()): string {
  const folder = mkdtempSync(join(place, 'runledger-pg-'));
  if (USER !== undefined) chownSync(folder, USER, USER);
  return folder;
}

function runProgram(binaries: string, program: string, args: readonly string[]): void {
  const done = spawnSync(join(binaries, program), args, {
    encoding: 'utf8',
    ...AS_SERVER_USER,
  });
  if (done.status !== 0) throw new Error(`${program} failed: ${done.stderr}${done.error ?? ''}`);
}

/** Starts a server on the cluster in the folder `data` of a folder. */
export async function startServerIn(
  binaries: string,
  folder: string,
  settings: ServerSettings,
): Promise<TestServer> {
  const data = join(folder, 'data');
  const all: ServerSettings = { ...FOR_TESTS, unix_socket_directories: folder, ...settings };
  const port = Number(all.port);
  let running = await runServer(binaries, folder, all);
  return {
    host: folder,
    port,
    binaries,
    async crash() {
      const [pid] = readFileSync(join(data, 'postmaster.pid'), 'utf8').split('\n');
      process.kill(Number(pid), 'SIGKILL');
      await running.ended;
    },
    async restart() {
      running = await runServer(binaries, folder, all);
    },
    async stop() {
      running.end();
      await running.ended;
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** Runs a server under a guard, and waits until it takes connections. */
async function runServer(binaries: string, folder: string, settings: ServerSettings) {
  const options = Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
  const command = [join(binaries, 'postgres'), '-D', join(folder, 'data'), ...options];
  // After a crash the processes of the one before may still hold its memory for a moment.
  for (let tries = 1; ; tries += 1) {
    const guard = spawn(
      process.execPath,
      [
        join(import.meta.dirname, 'guard.ts'),
        folder,
        USER === undefined ? '' : String(USER),
        ...command,
      ],
      { stdio: ['pipe', 'ignore', 'pipe'] },
    );
    let said = '';
    guard.stderr.setEncoding('utf8').on('data', (text: string) => {
      said += text;
    });
    const ended = once(guard, 'exit');
    if (await isReady(folder, Number(settings.port), () => guard.exitCode === null)) {
      return { ended, end: () => guard.stdin.end() };
    }
    if (tries === MOST_TRIES) throw new Error(`The test server ended: ${said}`);
    await sleep(100);
  }
}

const MOST_TRIES = 50;

/** False when the server ended before it was ready. */
async function isReady(host: string, port: number, isRunning: () => boolean): Promise<boolean> {
  while (isRunning()) {
    const client = new pg.Client({ host, port, user: 'postgres', database: 'postgres' });
    client.on('error', () => {});
    try {
      await client.connect();
      await client.end();
      return true;
    } catch {
      // It is not ready yet; if it never is, it ends and says why, or the test's time does.
      await sleep(20);
    }
  }
  return false;
}
