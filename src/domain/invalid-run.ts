/** One thing that is wrong with a run: where, and what. */
export interface RunIssue {
  /** Such as `input.prompt` or `steps[3].duration`; empty for the value as a whole. */
  path: string;
  /** Such as `must be a string, not a number`. */
  problem: string;
}

/** How many issues a message names. */
const NAMED = 5;

/** A value is no run, no filter, no query. Carries every issue found, the first few in its message. */
export class InvalidRun extends Error {
  override readonly name = 'InvalidRun';
  readonly issues: readonly RunIssue[];

  constructor(issues: readonly RunIssue[]) {
    const named = issues.slice(0, NAMED).map(({ path, problem }) => `${path} ${problem}`.trim());
    const more = issues.length > NAMED ? ` (and ${issues.length - NAMED} more)` : '';
    super(`${named.join('; ') || 'is not valid'}${more}`);
    this.issues = issues;
  }
}
