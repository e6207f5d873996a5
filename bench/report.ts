import { availableParallelism, cpus } from 'node:os';
import type { Comparison, Target } from './benchmark.ts';
import { median } from './harness.ts';

/** The comparisons as a Markdown table. */
export function markdownTable(comparisons: readonly Comparison[]): string {
  const rows = comparisons.map(({ what, contestants, measure, ratios, target }) => [
    what,
    contestants.map(({ name, microseconds }) => `${name} ${duration(microseconds)}`).join(', '),
    `${median(ratios).toFixed(2)} x the ${measure} (${spread(ratios)})`,
    target === undefined ? 'none' : describeTarget(target),
    target === undefined ? '' : isMet(median(ratios), target) ? 'met' : 'not met',
  ]);
  const head = ['what', 'median for one', 'median ratio (from, to)', 'target', ''];
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
