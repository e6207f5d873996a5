import { type RunningChild, startChild } from '../../support/child.ts';
import type { History } from './history.ts';
import { hear, type ToldFailure } from './report.ts';

/** A program that writes to a store and reports each step (`report.ts`). */
export interface Writer extends RunningChild {
  failures: ToldFailure[];
  /** Resolves when it has reported so many steps as ended; rejects if it ends before. */
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
  const reached = async (steps: number) => {
    const { promise, resolve } = Promise.withResolvers<void>();
    onReport = () => {
      if (history.mark >= steps) resolve();
    };
    onReport();
    const early = child.ended.then(({ stderr }) => {
      if (history.mark < steps) throw new Error(`The writer ended by itself: ${stderr}`);
    });
    await Promise.race([promise, early]);
  };
  return { ...child, failures, reached };
}
