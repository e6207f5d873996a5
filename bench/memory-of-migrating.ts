import { spawnSync } from 'node:child_process';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const ROOT = dirname(dirname(fileURLToPath(import.meta.url)));
/** Tells the most memory that the process had resident, in KB, when it ends. */
const TELL_MEMORY = `data:text/javascript,process.on('exit', () =>
  process.stderr.write('resident ' + process.resourceUsage().maxRSS));`;

/** The most memory, in MB, that `migrate` has resident, as it is installed: built. */
export async function memoryOfMigrating(from: string, to: string): Promise<number> {
  run([join(ROOT, 'scripts', 'build.mjs')]);
  const program = [join(ROOT, 'bin', 'runledger.js'), 'migrate', '--from', from, '--to', to];
  const told = run(['--import', TELL_MEMORY, ...program]);
  const kilobytes = /resident (\d+)$/.exec(told)?.[1];
  if (kilobytes === undefined) throw new Error(`The program did not tell its memory: ${told}`);
  return Math.round(Number(kilobytes) / 1024);
}

function run(args: readonly string[]): string {
  const { status, stderr } = spawnSync(process.execPath, args, { encoding: 'utf8', cwd: ROOT });
  if (status !== 0) throw new Error(`${args.join(' ')} ended with ${status}: ${stderr}`);
  return stderr;
}
