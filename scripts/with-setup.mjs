// Sets the checkout up when that is needed, then runs a command on the Node that the project pins.
// Plain JavaScript for old Nodes: this is the first thing that runs on a fresh clone.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { constants, tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const bin = join(root, 'node_modules', '.bin');
const stamp = join(root, 'node_modules', '.runledger-setup');

function wanted() {
  return createHash('sha256')
    .update(readFileSync(join(root, 'package-lock.json')))
    .digest('hex');
}

function run(command, args, stdio, cwd = root) {
  // Where the command line keeps compiled code: with it, TypeScript starts in half the time.
  const cache = process.env.NODE_COMPILE_CACHE ?? join(tmpdir(), 'node-compile-cache');
  const path = bin + delimiter + process.env.PATH;
  const env = { ...process.env, PATH: path, NODE_COMPILE_CACHE: cache };
  const done = spawnSync(command, args, {
    stdio,
    env,
    cwd,
    shell: process.platform === 'win32',
  });
  if (done.error) throw done.error;
  return done.signal ? 128 + constants.signals[done.signal] : done.status;
}

/** True when the dependencies that package-lock.json names are installed, the pinned Node among them. */
function isReady() {
  return (
    existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted() && existsSync(join(bin, 'node'))
  );
}

if (!isReady()) {
  process.stderr.write('Setting up: installing dependencies (once, about half a minute)\n');
  // Everything goes to standard error, so that a command's own output stays clean. The warnings of
  // npm about an older system Node are hushed: the commands run on the pinned one.
  const status = run('npm', ['ci', '--no-audit', '--no-fund', '--loglevel=error'], [0, 2, 2]);
  if (status !== 0) {
    process.stderr.write(
      `Set-up failed: npm ci ended with ${status}. See the lines above, then try again.\n`,
    );
    process.exit(1);
  }
  if (!existsSync(join(bin, 'node'))) {
    process.stderr.write(
      'Set-up failed: the pinned Node is missing. Its install script did not run; install without --ignore-scripts.\n',
    );
    process.exit(1);
  }
  writeFileSync(stamp, wanted());
}

// Ctrl-C goes to the whole process group: the command decides how to end, this process waits for it.
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => {});
const [first, ...words] = process.argv.slice(2);
// "--here <script>" runs a script of the checkout in the folder where the user typed the command; npm
// itself has gone to the root by now.
process.exitCode =
  first === '--here'
    ? run('node', [join(root, words[0]), ...words.slice(1)], 'inherit', process.env.INIT_CWD)
    : run(first, words, 'inherit');
