import { spawn } from 'node:child_process';

/** How a program ended and what it said. */
export interface EndedChild {
  code: number | null;
  signal: NodeJS.Signals | null;
  stdout: string;
  stderr: string;
}

/** How a program is started; what is left out is as with this process. */
export interface ChildOptions {
  cwd?: string;
  env?: NodeJS.ProcessEnv;
  /** The user and group that it runs as. */
  uid?: number;
  gid?: number;
}

/** A program under way. */
export interface RunningChild {
  /** Writes a line to its standard input. */
  tell(line: string): void;
  kill(signal: NodeJS.Signals): void;
  /** Resolves when it has ended and everything that it wrote before has been read. */
  ended: Promise<EndedChild>;
}

/**
 * Starts a program as a direct child, so that a signal hits it and no shell in between. `onLine` is
 * called for each whole line of its standard output: a line cut off by its death is none. Its
 * standard input stays open until this process ends or it does.
 */
export function startChild(
  [command = '', ...args]: readonly string[],
  { onLine = () => {}, ...options }: ChildOptions & { onLine?: (line: string) => void } = {},
): RunningChild {
  const child = spawn(command, args, { ...options, stdio: 'pipe' });
  const said = { stdout: '', stderr: '' };
  let unread = 0;
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    said.stdout += text;
    for (let end = said.stdout.indexOf('\n', unread); end !== -1; ) {
      onLine(said.stdout.slice(unread, end));
      unread = end + 1;
      end = said.stdout.indexOf('\n', unread);
    }
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    said.stderr += text;
  });
  // A child that is gone cannot be told anything; how it ended says why.
  child.stdin.on('error', () => {});
  const { promise: ended, resolve, reject } = Promise.withResolvers<EndedChild>();
  child.on('error', reject);
  child.on('close', (code, signal) => resolve({ code, signal, ...said }));
  return {
    tell: (line) => child.stdin.write(`${line}\n`),
    kill: (signal) => child.kill(signal),
    ended,
  };
}

/** Starts a program and waits for its end. */
export function runChild(
  command: readonly string[],
  options: ChildOptions = {},
): Promise<EndedChild> {
  return startChild(command, options).ended;
}
