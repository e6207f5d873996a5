import { asTold, type ToldFailure } from './report.ts';

/** Does the work and returns how it failed; null when it did not. */
export async function failureOf(work: () => Promise<unknown>): Promise<ToldFailure | null> {
  try {
    await work();
    return null;
  } catch (error) {
    return asTold(error);
  }
}
