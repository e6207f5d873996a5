import { realpathSync } from 'node:fs';
import { sep } from 'node:path';
import { withoutPassword } from '../config/postgres-url.ts';
import type { StoreConfiguration } from '../config/store-configuration.ts';
import { isInside } from './is-inside.ts';
import { nameOfStore } from './name-of-store.ts';
import { PACKAGE_ROOT } from './package-files.ts';
import { shellQuote } from './shell-quote.ts';

/** How a command was told its store. */
export interface NamedStore {
  /** By `--store`, as it was typed. */
  store?: string | undefined;
  /** By `--config`, as it was typed. */
  config?: string | undefined;
  /** What came of it. */
  resolved: StoreConfiguration;
}

let named: NamedStore | undefined;

/** From now on, calls of other commands name this store: a hint must not lead to another one. */
export function rememberStore(store: NamedStore): void {
  named = store;
}

/**
 * A command line of this program, spelled so that it works where the user stands: by `npm run` in a
 * checkout, by `npx` where the package is a dependency, by its name where it is installed globally.
 */
export function callOf(command: string): string {
  return `${programCall()} ${command}`;
}

/** The same for a command that works on the store that this one was given. */
export function callOnStore(command: string): string {
  return `${callOf(command)}${storeArgument('--store')}`;
}

/** The same for a command that is told by `--from` which store it works on. */
export function callFromStore(command: string): string {
  return `${callOf(command)}${storeArgument('--from')}`;
}

function storeArgument(option: '--store' | '--from'): string {
  if (named === undefined) return '';
  const { store, config, resolved } = named;
  // `npm start` runs in the checkout, wherever it was typed: its places are told whole.
  if (!isSame(standingIn(), process.cwd())) return argument(option, nameOfStore(resolved));
  // A password that was typed is not shown again.
  const hasUrl = resolved.type === 'postgres' && store?.includes('://');
  const shown = hasUrl && store ? withoutPassword(store) : store;
  // What the folder and the environment say of the store, they say to the next command too. `--from` has
  // a default of its own, and a kind alone leaves the rest to them.
  const configured = option === '--store' ? undefined : resolved.type;
  return argument('--config', config) + argument(option, shown ?? configured);
}

function argument(option: string, value: string | undefined): string {
  return value === undefined ? '' : ` ${option} ${shellQuote(value)}`;
}

function programCall(): string {
  const folder = standingIn();
  if (import.meta.url.endsWith('.ts')) {
    // npm finds the Node that the project pins, which may be newer than the system's.
    const place = isReallyInside(folder, PACKAGE_ROOT)
      ? ''
      : ` --prefix ${shellQuote(PACKAGE_ROOT)}`;
    return `npm${place} run -s runledger --`;
  }
  const [project, ...rest] = PACKAGE_ROOT.split(`${sep}node_modules${sep}`);
  const isDependency = rest.length > 0 && project !== undefined && isReallyInside(folder, project);
  return isDependency ? 'npx runledger' : 'runledger';
}

/** Where the user stands; npm scripts may run elsewhere. */
function standingIn(): string {
  return process.env.INIT_CWD ?? process.cwd();
}

function isSame(a: string, b: string): boolean {
  return realpathSync(a) === realpathSync(b);
}

function isReallyInside(folder: string, parent: string): boolean {
  return isInside(realpathSync(folder), realpathSync(parent));
}
