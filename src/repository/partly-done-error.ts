import { RunledgerError } from './errors.ts';

/**
 * A method that works in batches failed in the middle: what it had done by then is in `report` and
 * stays done. `cause` is the failure itself; code and hint are its own.
 */
export class PartlyDoneError<Report> extends RunledgerError {
  readonly report: Report;

  /** `done` says in a few words what had been done, such as `500 runs were stored before`. */
  constructor(failure: RunledgerError, done: string, report: Report) {
    super(failure.code, `${failure.message} (${done})`, {
      cause: failure,
      ...(failure.hint !== undefined && { hint: failure.hint }),
    });
    this.report = report;
  }
}
