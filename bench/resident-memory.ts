import { spawnSync } from 'node:child_process';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const ROOT = dirname(dirname(fileURLToPath(import.meta.url)));
/** Tells the most memory that the process had resident, in KB, when it ends. */
const TELL_MEMORY = `data:text/javascript,process.on('exit', () =>
  process.stderr.write('resident ' + process.resourceUsage().maxRSS));`;

/** Builds the program as it is installed. */
export function buildProgram(): void {
  run([join(ROOT, 'scripts', 'build.mjs')]);
}

/** Runs the program that was built, and gives what it printed and the most memory it had resident, in MB. */
export function runBuilt(words: readonly string[]): { stdout: string; megabytes: number } {
  const program = [join(ROOT, 'bin', 'runledger.js'), ...words];
  const { stdout, stderr } = run(['--import', TELL_MEMORY, ...program]);
  const kilobytes = /resident (\d+)$/.exec(stderr)?.[1];
  if (kilobytes === undefined) throw new Error(`The program did not tell its memory: ${stderr}`);
  return { stdout, megabytes: Math.round(Number(kilobytes) / 1024) };
}

function run(args: readonly string[]): { stdout: string; stderr: string } {
  const { status, stdout, stderr } = spawnSync(process.execPath, args, {
    encoding: 'utf8',
    cwd: ROOT,
  });
  if (status !== 0) throw new Error(`${args.join(' ')} ended with ${status}: ${stderr}`);
  return { stdout, stderr };
}
