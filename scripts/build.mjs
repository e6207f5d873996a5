// Makes dist/ from src/: what is published. Development and tests run src/ as it is.
import { spawnSync } from 'node:child_process';
import { cpSync, readdirSync, rmSync } from 'node:fs';
import { dirname, extname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const source = join(root, 'src');
const target = join(root, 'dist');

/** What lies beside the modules and is read at run time: copied as it is. */
const COPIED = ['.sql', '.bash', '.zsh', '.fish'];
/** What tsc takes care of. */
const COMPILED = ['.ts'];

const files = readdirSync(source, { recursive: true, withFileTypes: true })
  .filter((entry) => entry.isFile())
  .map((entry) => join(entry.parentPath, entry.name).slice(source.length + 1));

const strangers = files.filter((file) => ![...COPIED, ...COMPILED].includes(extname(file)));
if (strangers.length > 0) fail(`src/ holds files that no rule builds: ${strangers.join(', ')}`);

// A file that is gone from src/ must not live on in a package.
rmSync(target, { recursive: true, force: true });
const tsc = spawnSync('tsc', ['-p', 'tsconfig.build.json'], {
  cwd: root,
  stdio: ['ignore', 2, 2],
  shell: process.platform === 'win32',
});
if (tsc.error) throw tsc.error;
if (tsc.status !== 0) fail(`tsc ended with ${tsc.status ?? tsc.signal}`);

for (const file of files.filter((name) => COPIED.includes(extname(name)))) {
  cpSync(join(source, file), join(target, file));
}

function fail(reason) {
  process.stderr.write(`Build failed: ${reason}\n`);
  process.exit(1);
}
