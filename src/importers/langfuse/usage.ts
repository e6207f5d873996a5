import { isPlainObject } from '../../domain/json.ts';
import type { Usage } from '../../domain/run.ts';
import { statedCost } from '../reading/cost.ts';
import { decoded } from '../reading/decoded.ts';
import type { Fields } from '../reading/fields.ts';
import type { CallFigures } from '../reading/run-draft.ts';
import { tokenCount } from '../reading/usage.ts';
import { memberOf } from './row.ts';

type Part = Exclude<keyof Usage, 'cacheWrite1hTokens'>;

/** What the names of usage mean that SDKs and integrations write; the first that matches counts. */
const PARTS: readonly (readonly [RegExp, Part | undefined])[] = [
  [/^total/, undefined],
  [/cache_?(creation|write)/, 'cacheWrite5mTokens'],
  [/cache/, 'cacheReadTokens'],
  [/reasoning|thought|thinking/, 'reasoningTokens'],
  [/input|prompt/, 'inputTokens'],
  [/output|completion/, 'outputTokens'],
];

/** What an observation used, and what Langfuse says that it cost. */
export function figuresOf(fields: Fields): CallFigures {
  const usage = readUsage(decoded(memberOf(fields, 'usageDetails')));
  const details = decoded(memberOf(fields, 'costDetails'));
  const total = memberOf(fields, 'totalCost') ?? memberOf(fields, 'calculatedTotalCost');
  const cost = numberOf(total) ?? (isPlainObject(details) ? numberOf(details.total) : undefined);
  return { usage, costUsd: statedCost(cost, usage) };
}

/**
 * The tokens in disjoint parts; undefined where none are stated. Langfuse's parts are disjoint, and their
 * sum is the total; where the total is less, details were counted within input and output.
 */
function readUsage(details: unknown): Usage | undefined {
  if (!isPlainObject(details)) return undefined;
  const sums = new Map<Part, number>();
  const plain: { [part in Part]?: number } = {};
  for (const [name, value] of Object.entries(details)) {
    const tokens = tokenCount(value);
    const part = PARTS.find(([pattern]) => pattern.test(name))?.[1];
    if (tokens === null || part === undefined) continue;
    sums.set(part, (sums.get(part) ?? 0) + tokens);
    if (name === 'input' || name === 'output') plain[`${name}Tokens`] = tokens;
  }
  if (sums.size === 0) return undefined;
  const total = tokenCount(details.total);
  const sum = [...sums.values()].reduce((all, tokens) => all + tokens, 0);
  const isWithin = total !== null && total < sum;
  const of = (part: Part) => sums.get(part) ?? null;
  const [cacheRead, cacheWrite] = [of('cacheReadTokens'), of('cacheWrite5mTokens')];
  const whole = (part: 'inputTokens' | 'outputTokens', inner: number) => {
    const tokens = isWithin ? (plain[part] ?? of(part)) : of(part);
    return isWithin && tokens !== null && tokens >= inner ? tokens - inner : tokens;
  };
  return {
    inputTokens: whole('inputTokens', (cacheRead ?? 0) + (cacheWrite ?? 0)),
    cacheReadTokens: cacheRead,
    cacheWrite5mTokens: cacheWrite,
    cacheWrite1hTokens: null,
    outputTokens: whole('outputTokens', of('reasoningTokens') ?? 0),
    reasoningTokens: of('reasoningTokens'),
  };
}

/** Exports to a bucket write decimals as text. */
function numberOf(value: unknown): number | undefined {
  const number = typeof value === 'string' && value.trim() !== '' ? Number(value) : value;
  return typeof number === 'number' && Number.isFinite(number) ? number : undefined;
}
