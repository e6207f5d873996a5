import { realpathSync } from 'node:fs';
import { basename, dirname, isAbsolute, join, sep } from 'node:path';
import type { StoreConfiguration } from '../config/store-configuration.ts';
import { nameOfStore } from './name-of-store.ts';
import { UsageError } from './usage-error.ts';

/** A store is not copied onto itself, and not among the runs that it is copied from. */
export function refuseOneInOther(source: StoreConfiguration, target: StoreConfiguration): void {
  const [from, to] = [source, target].map((store) => realPlace(nameOfStore(store)));
  if (from === undefined || to === undefined) return;
  if (from === to) {
    throw new UsageError(`Both --from and --to are ${nameOfStore(target)}.`, 'Name two stores.');
  }
  if (source.type === 'file' && to.replace(/^\w+:/, '').startsWith(from.slice(5) + sep)) {
    const message = `${nameOfStore(target)} lies in the folder that is copied from.`;
    throw new UsageError(message, 'Name a place beside it: in there it would count as a run.');
  }
}

/** The name of a store with the place that links in it lead to, as far as that is there. */
function realPlace(name: string): string {
  const [, kind = '', place = ''] = /^(\w+:)(.*)$/s.exec(name) ?? [];
  if (!isAbsolute(place)) return name;
  const names: string[] = [];
  for (let at = place; ; at = dirname(at)) {
    try {
      return kind + join(realpathSync(at), ...names);
    } catch {
      // Not there yet; whatever else is in the way, opening it tells.
      if (at === dirname(at)) return name;
      names.unshift(basename(at));
    }
  }
}
