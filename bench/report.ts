import { availableParallelism, cpus } from 'node:os';
import type { Amount, Comparison, Finding, Target } from './benchmark.ts';
import { median } from './harness.ts';

/** What was found, as Markdown: a table of comparisons, and one of amounts. */
export function markdownTables(findings: readonly Finding[]): string {
  const amounts = findings.filter((one): one is Amount => 'megabytes' in one);
  const comparisons = findings.filter((one): one is Comparison => 'ratios' in one);
  return [comparisonTable(comparisons), amountTable(amounts)].filter(Boolean).join('\n\n');
}

function amountTable(amounts: readonly Amount[]): string {
  const rows = amounts.map(({ what, megabytes, atMost }) => [
    what,
    `${megabytes} MB`,
    `at most ${atMost} MB`,
    megabytes <= atMost ? 'met' : 'not met',
  ]);
  return table(['what', 'resident memory', 'target', ''], rows);
}

function comparisonTable(comparisons: readonly Comparison[]): string {
  const rows = comparisons.map(({ what, contestants, measure, ratios, target }) => [
    what,
    contestants.map(({ name, microseconds }) => `${name} ${duration(microseconds)}`).join(', '),
    `${median(ratios).toFixed(2)} x the ${measure} (${spread(ratios)})`,
    target === undefined ? 'none' : describeTarget(target),
    target === undefined ? '' : isMet(median(ratios), target) ? 'met' : 'not met',
  ]);
  return table(['what', 'median for one', 'median ratio (from, to)', 'target', ''], rows);
}

/** Empty where there are no rows. */
function table(head: readonly string[], rows: readonly string[][]): string {
  if (rows.length === 0) return '';
  const lines = [head, head.map(() => '---'), ...rows];
  return lines.map((cells) => `| ${cells.join(' | ')} |`).join('\n');
}

/** What the figures were measured on. */
export function machineFacts(): string {
  const model = cpus()[0]?.model.trim() ?? 'unknown processor';
  const { node, sqlite } = process.versions;
  return `${availableParallelism()} cores (${model}), Node ${node}, SQLite ${sqlite}, ${process.platform}`;
}

function isMet(ratio: number, target: Target): boolean {
  return 'atLeast' in target ? ratio >= target.atLeast : ratio <= target.atMost;
}

function describeTarget(target: Target): string {
  return 'atLeast' in target ? `at least ${target.atLeast} x` : `at most ${target.atMost} x`;
}

/** The lowest and the highest; a wide spread says that the machine was not quiet. */
function spread(ratios: readonly number[]): string {
  return `${Math.min(...ratios).toFixed(2)} to ${Math.max(...ratios).toFixed(2)}`;
}

function duration(microseconds: number): string {
  if (microseconds < 1000) return `${microseconds.toFixed(0)} µs`;
  return `${(microseconds / 1000).toFixed(2)} ms`;
}
