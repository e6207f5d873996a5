import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { cp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { temporaryFolder } from '../../support/temporary-folder.ts';

/** The checkout. */
export const ROOT = resolve(import.meta.dirname, '../../..');
/** The command line as a user starts it in a checkout. */
export const MAIN = resolve(import.meta.dirname, '../../../src/cli/main.ts');
/** The run files that ship with the package. */
export const EXAMPLES = resolve(import.meta.dirname, '../../../examples/claude-runs');

/** What a command left. */
export interface Ended {
  code: number | null;
  signal: NodeJS.Signals | null;
  stdout: string;
  stderr: string;
}

/** How a command is run. */
export interface RunOptions {
  cwd: string;
  input?: string | Uint8Array;
  env?: NodeJS.ProcessEnv;
}

/** A folder with a store that holds the example runs; for tests that only read, one for all. */
export const sharedFolder = memoize(async () => {
  const folder = mkdtempSync(join(tmpdir(), 'runledger-cli-'));
  process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
  const { code, stderr } = await runledger(['start'], { cwd: folder });
  if (code !== 0) throw new Error(`start ended with ${code}: ${stderr}`);
  return folder;
});

/** A folder with such a store of its own for one test. */
export async function folderWithRuns(): Promise<string> {
  const folder = temporaryFolder();
  await cp(await sharedFolder(), folder, { recursive: true });
  return folder;
}

function memoize<T>(make: () => Promise<T>): () => Promise<T> {
  let made: Promise<T> | undefined;
  return () => {
    made ??= make();
    return made;
  };
}

/** A folder with the example runs as files in the usual place. */
export async function folderWithFiles(): Promise<string> {
  const folder = temporaryFolder();
  await cp(EXAMPLES, join(folder, 'logs', 'claude-runs'), { recursive: true });
  return folder;
}

/** Starts the program and leaves it to the caller. */
export function startProgram(args: readonly string[], { cwd, env }: RunOptions) {
  return spawn(process.execPath, [MAIN, ...args], { cwd, env: environment(env) });
}

/** Runs the program to its end. */
export async function runledger(args: readonly string[], options: RunOptions): Promise<Ended> {
  const child = startProgram(args, options);
  const ended: Ended = { code: null, signal: null, stdout: '', stderr: '' };
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    ended.stdout += text;
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    ended.stderr += text;
  });
  // A command that does not read its input may be gone before all of it is written.
  child.stdin.on('error', () => {});
  child.stdin.end(options.input ?? '');
  const [code, signal] = (await once(child, 'close')) as [number | null, NodeJS.Signals | null];
  return { ...ended, code, signal };
}

/** Runs the program with `--json` and reads the one document that it prints. */
export async function json<T>(
  args: readonly string[],
  options: RunOptions,
): Promise<T & { version: number }> {
  const { stdout, stderr } = await runledger([...args, '--json'], options);
  try {
    return JSON.parse(stdout) as T & { version: number };
  } catch {
    throw new Error(`${args.join(' ')} printed no JSON document: ${stdout}${stderr}`);
  }
}

/** Why there is no pseudo terminal here; empty where there is one. */
export const noTerminal: string = (() => {
  const { status } = spawnSync('script', ['-qec', 'true', '/dev/null'], { stdio: 'ignore' });
  return status === 0 ? '' : 'util-linux "script" is not installed';
})();

/** Starts the program on a pseudo terminal of so many columns; what is written to it is typed. */
export function startOnTerminal(
  args: readonly string[],
  { cwd, env, columns = 80 }: RunOptions & { columns?: number },
) {
  const words = [process.execPath, MAIN, ...args].map(
    (word) => `'${word.replaceAll("'", "'\\''")}'`,
  );
  const line = `stty cols ${columns} rows 24 -echo; exec ${words.join(' ')}`;
  return spawn('script', ['-qec', line, '/dev/null'], {
    cwd,
    env: { ...environment(env), TERM: 'xterm-256color', SHELL: '/bin/sh' },
  });
}

/** Runs the program on a pseudo terminal to its end; what it printed is in `stdout`. */
export async function onTerminal(
  args: readonly string[],
  options: RunOptions & { columns?: number },
): Promise<Pick<Ended, 'code' | 'stdout'>> {
  const child = startOnTerminal(args, options);
  let stdout = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    stdout += text;
  });
  // script waits for the end of its own input, even where the program has ended.
  child.stdin.end(options.input ?? '');
  const [code] = (await once(child, 'close')) as [number | null];
  return { code, stdout: stdout.replaceAll('\r\n', '\n') };
}

/** Ours, without what would colour or widen the output, configure it, or make it think that npm runs it. */
function environment(more: NodeJS.ProcessEnv = {}): NodeJS.ProcessEnv {
  // Node takes a terminal in CI for one without colours.
  const { CI, NO_COLOR, FORCE_COLOR, COLUMNS, INIT_CWD, ...ours } = process.env;
  const others = Object.entries(ours).filter(([name]) => !name.startsWith('RUNLEDGER_'));
  return { ...Object.fromEntries(others), ...more };
}
