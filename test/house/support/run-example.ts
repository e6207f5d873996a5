import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ROOT } from './source-tree.ts';

/** What running an example gave. */
export interface ExampleRun {
  status: number | null;
  stdout: string;
  stderr: string;
}

/**
 * Runs a piece of TypeScript as a user would: in an empty folder where `runledger` is installed. The
 * package is a link to src/ under the names of `exports`, so that nothing needs building. The small
 * folder of runs that ships lies in `./logs/claude-runs`. Types are checked before it runs.
 */
export function runExample(code: string): ExampleRun {
  const folder = mkdtempSync(join(tmpdir(), 'runledger-example-'));
  try {
    writeFileSync(join(folder, 'package.json'), JSON.stringify({ type: 'module' }));
    writeFileSync(join(folder, 'example.ts'), code);
    cpSync(join(ROOT, 'examples/claude-runs'), join(folder, 'logs/claude-runs'), {
      recursive: true,
    });
    const installed = join(folder, 'node_modules/runledger');
    mkdirSync(installed, { recursive: true });
    symlinkSync(join(ROOT, 'src'), join(installed, 'src'));
    symlinkSync(join(ROOT, 'node_modules/@types'), join(folder, 'node_modules/@types'));
    writeFileSync(
      join(installed, 'package.json'),
      JSON.stringify({
        type: 'module',
        exports: { '.': './src/index.ts', './conformance': './src/conformance/index.ts' },
      }),
    );
    writeFileSync(
      join(folder, 'tsconfig.json'),
      JSON.stringify({
        extends: join(ROOT, 'tsconfig.json'),
        compilerOptions: { typeRoots: ['node_modules/@types'], noUnusedLocals: false },
        include: ['example.ts'],
      }),
    );
    const checked = run(join(ROOT, 'node_modules/.bin/tsc'), ['--noEmit'], folder);
    return checked.status === 0 ? run(process.execPath, ['example.ts'], folder) : checked;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function run(command: string, args: string[], cwd: string): ExampleRun {
  const { status, stdout, stderr } = spawnSync(command, args, { cwd, encoding: 'utf8' });
  return { status, stdout, stderr };
}
