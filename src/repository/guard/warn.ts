/** Tells of a failure beside the one that a caller is told, so that neither hides the other. */
export function warn(what: string, error: unknown): void {
  const message = error instanceof Error ? error.message : String(error);
  process.emitWarning(`${what}: ${message}`, 'RunledgerWarning');
}
