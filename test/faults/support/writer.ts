import { type RunningChild, startChild } from '../../support/child.ts';
import type { History } from './history.ts';
import { hear, type ToldFailure } from './report.ts';

/** A program that writes to a store and reports each step (`report.ts`). */
export interface Writer extends RunningChild {
  failures: ToldFailure[];
  /** Resolves when a report makes this true; rejects if the program ends before. */
  until(isReached: () => boolean): Promise<void>;
  /** Resolves when so many steps have ended. */
  reached(steps: number): Promise<void>;
}

/** Starts such a program; what it reports goes into the history. */
export function startWriter(command: readonly string[], history: History): Writer {
  const failures: ToldFailure[] = [];
  let onReport = () => {};
  const child = startChild(command, {
    onLine: (line) => {
      const failure = hear(line, history);
      if (failure !== null) failures.push(failure);
      onReport();
    },
  });
  const until = async (isReached: () => boolean) => {
    const { promise, resolve } = Promise.withResolvers<void>();
    onReport = () => {
      if (isReached()) resolve();
    };
    onReport();
    const early = child.ended.then(({ stderr }) => {
      if (!isReached()) throw new Error(`The writer ended by itself: ${stderr}`);
    });
    await Promise.race([promise, early]);
  };
  const reached = (steps: number) => until(() => history.mark >= steps);
  return { ...child, failures, until, reached };
}
