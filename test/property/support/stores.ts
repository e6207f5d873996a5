import { KINDS, openFresh, PAIRS } from '../../through/support/kinds.ts';
import { throughCopy } from '../../through/support/through-copy.ts';
import type { OpenStore } from './world.ts';

/**
 * A way to open fresh stores of each kind, by name. The memory store is among them: it is then held
 * against itself, and its ledger against what was seen of its runs.
 */
export const STORES: Readonly<Record<string, OpenStore>> = Object.fromEntries(
  Object.values(KINDS).map((kind) => [kind.name, (now) => openFresh(kind, now)]),
);

/** The same of stores that are written to on one side and read on the other, through a copy. */
export const COPIES: Readonly<Record<string, OpenStore>> = Object.fromEntries(
  PAIRS.map(([from, to]) => [
    `${from.name}, copied to ${to.name},`,
    async (now) => throughCopy(await openFresh(from, now), () => openFresh(to, now)),
  ]),
);
