import { breathing } from '../../repository/breathing.ts';

/** How long work may keep everything else of the process waiting. */
const LONGEST_BREATH_MS = 10;

/**
 * Lets timers, signals and other work have their turn, when they had none for a while. The driver is
 * synchronous: a loop over calls that are awaited would keep them out until its end, the time limit
 * of a transaction and Ctrl-C among them.
 */
export const breathe: () => Promise<void> = breathing(LONGEST_BREATH_MS);
