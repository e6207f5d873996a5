/**
 * Ends this process when its standard input closes, which the system does when the parent dies in
 * whatever way: an interrupted test leaves nobody writing.
 */
export function endWithParent(): void {
  process.stdin.on('close', () => process.exit(1)).resume();
}
