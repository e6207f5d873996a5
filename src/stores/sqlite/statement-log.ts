import type { StatementLog } from './connection.ts';

/**
 * Writes a line to standard error for each statement, or for those that fail: its milliseconds, and
 * its text. The values that it was given are not shown: prompts are among them.
 */
export function statementLog(shown: 'failures' | 'everything'): StatementLog {
  return ({ sql, milliseconds, error }) => {
    if (error === undefined && shown === 'failures') return;
    const reason = error === undefined ? '' : ` failed: ${messageOf(error)}`;
    const line = `${milliseconds.toFixed(1)} ms: ${sql}${reason}`.replace(/\s+/g, ' ');
    process.stderr.write(`sqlite ${line}\n`);
  };
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
