import { realpathSync } from 'node:fs';
import { join, relative, sep } from 'node:path';
import { PACKAGE_ROOT } from './package-files.ts';

/**
 * A command line of this program, spelled so that it works where the user stands: by `npm run` in a
 * checkout, by `npx` where the package is a dependency, by its name where it is installed globally.
 */
export function callOf(command: string): string {
  return `${programCall()} ${command}`;
}

function programCall(): string {
  const folder = process.env.INIT_CWD ?? process.cwd();
  if (import.meta.url.endsWith('.ts')) {
    if (isInside(folder, PACKAGE_ROOT)) return 'npm run -s runledger --';
    return `node ${join(PACKAGE_ROOT, 'src', 'cli', 'main.ts')}`;
  }
  const [project, ...rest] = PACKAGE_ROOT.split(`${sep}node_modules${sep}`);
  const isDependency = rest.length > 0 && project !== undefined && isInside(folder, project);
  return isDependency ? 'npx runledger' : 'runledger';
}

function isInside(folder: string, parent: string): boolean {
  const way = relative(realpathSync(parent), realpathSync(folder));
  return way === '' || !way.startsWith('..');
}
