import { RunledgerError } from './errors.ts';
import type { SaveManyReport } from './run-repository.ts';

/** The store failed in the middle of `saveMany`: what had been stored by then is in `report`. */
export class SaveManyError extends RunledgerError {
  readonly report: SaveManyReport;

  constructor(failure: RunledgerError, report: SaveManyReport) {
    const { inserted, updated, unchanged } = report;
    const stored = inserted + updated + unchanged;
    super(failure.code, `${failure.message} (${stored} runs were stored before)`, {
      cause: failure,
      ...(failure.hint !== undefined && { hint: failure.hint }),
    });
    this.report = report;
  }
}
