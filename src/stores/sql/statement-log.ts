/** What is told about one statement. */
export interface StatementEvent {
  sql: string;
  milliseconds: number;
  /** Why it failed; absent when it did not. */
  error?: unknown;
}

/** Is told about every statement. */
export type StatementLog = (event: StatementEvent) => void;

/**
 * Writes a line to standard error for each statement, or for those that fail: its milliseconds, and
 * its text. The values that it was given are not shown: prompts are among them. `engine` begins the line.
 */
export function statementLog(engine: string, shown: 'failures' | 'everything'): StatementLog {
  return ({ sql, milliseconds, error }) => {
    if (error === undefined && shown === 'failures') return;
    const reason = error === undefined ? '' : ` failed: ${messageOf(error)}`;
    const line = `${milliseconds.toFixed(1)} ms: ${sql}${reason}`.replace(/\s+/g, ' ');
    process.stderr.write(`${engine} ${line}\n`);
  };
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
