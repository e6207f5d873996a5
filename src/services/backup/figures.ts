/** A whole number as sentences have it: 20,000. */
export function figure(count: number): string {
  return count.toLocaleString('en-US');
}
