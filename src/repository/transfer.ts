import type { JsonObject } from '../domain/json.ts';
import { RunledgerError } from './errors.ts';

/** How far a copy into a store got, or what came of it; who copies knows what the state says. */
export interface Transfer {
  /** Where the runs come from: there is one for each origin. */
  origin: string;
  state: JsonObject;
}

/** The failure of every change in a store that was moved. */
export function moved(movedTo: string): RunledgerError {
  return new RunledgerError('MOVED', `This store was moved to ${movedTo}.`, {
    hint: 'Make the change there. What is here is as it was when the store was moved, and can be read.',
  });
}

/** The failure for a store that was moved, and now is to be copied into. */
export function movedTarget(movedTo: string): RunledgerError {
  return new RunledgerError('MOVED', `The target was moved to ${movedTo}: it refuses changes.`, {
    hint: 'To use it again, take its move back first: migrate --from <this store> --undo-cut-over.',
  });
}

/** The failure for a store that was moved to one place and is now to be moved to another. */
export function movedElsewhere(movedTo: string): RunledgerError {
  return new RunledgerError('MOVED', `This store was moved to ${movedTo} already.`, {
    hint: 'Go on from there, or take that back first: migrate --undo-cut-over.',
  });
}
