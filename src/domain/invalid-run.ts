/** One thing that is wrong with a run: where, and what. */
export interface RunIssue {
  /** Such as `input.prompt` or `steps[3].duration`; empty for the value as a whole. */
  path: string;
  /** Such as `must be a string, not a number`. */
  problem: string;
}

/** A value is no run, no filter, no query. Carries every issue found, the first one in its message. */
export class InvalidRun extends Error {
  override readonly name = 'InvalidRun';
  readonly issues: readonly RunIssue[];

  constructor(issues: readonly RunIssue[]) {
    const [first] = issues;
    const more = issues.length > 1 ? ` (and ${issues.length - 1} more)` : '';
    super(`${first?.path ? `${first.path} ` : ''}${first?.problem ?? 'is not valid'}${more}`);
    this.issues = issues;
  }
}
