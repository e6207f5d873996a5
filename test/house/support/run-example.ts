import { cpSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type EndedChild, runChild } from '../../support/child.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';
import { ROOT } from './source-tree.ts';

/**
 * Runs a piece of TypeScript as a user would: in an empty folder where `runledger` is installed. The
 * package is a link to src/ under the names of `exports`, so that nothing needs building. The small
 * folder of runs that ships lies in `./logs/claude-runs`. Types are checked before it runs.
 */
export async function runExample(code: string): Promise<EndedChild> {
  const cwd = temporaryFolder();
  const installed = join(cwd, 'node_modules/runledger');
  mkdirSync(installed, { recursive: true });
  symlinkSync(join(ROOT, 'src'), join(installed, 'src'));
  symlinkSync(join(ROOT, 'node_modules/@types'), join(cwd, 'node_modules/@types'));
  writeFileSync(
    join(installed, 'package.json'),
    JSON.stringify({
      type: 'module',
      exports: {
        '.': './src/index.ts',
        './compat': './src/compat/index.ts',
        './conformance': './src/conformance/index.ts',
      },
    }),
  );
  writeFileSync(join(cwd, 'package.json'), JSON.stringify({ type: 'module' }));
  writeFileSync(
    join(cwd, 'tsconfig.json'),
    JSON.stringify({
      extends: join(ROOT, 'tsconfig.json'),
      // The declarations for a library that has none of its own; a built package needs no such.
      include: ['example.ts', join(ROOT, 'src/**/*.d.ts')],
    }),
  );
  writeFileSync(join(cwd, 'example.ts'), code);
  cpSync(join(ROOT, 'examples/claude-runs'), join(cwd, 'logs/claude-runs'), { recursive: true });
  const checked = await runChild([join(ROOT, 'node_modules/.bin/tsc'), '--noEmit'], { cwd });
  return checked.code === 0 ? runChild([process.execPath, 'example.ts'], { cwd }) : checked;
}
