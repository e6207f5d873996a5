import { isPlainObject } from '../../domain/json.ts';
import type { Usage } from '../../domain/run.ts';
import { type Fields, objectIn } from '../reading/fields.ts';
import { tokenCount } from '../reading/usage.ts';

/** What the end of a session says of one model, beyond what its messages said. */
export interface ModelUsage {
  /** Undefined for what is said of all models together. */
  model: string | undefined;
  usage: Usage;
  /** Requests as GitHub bills them, which is no money. */
  premiumRequests: number | undefined;
}

/**
 * The tokens since the session began or was resumed, by model, without the output that messages stated.
 * Input includes what was read from and written to the cache. `stated`: that output, by model.
 */
export function usageOfShutdown(data: Fields, stated: ReadonlyMap<string, number>): ModelUsage[] {
  const found: ModelUsage[] = [];
  const metrics = Object.entries(objectIn(data, 'modelMetrics')).filter(([, each]) =>
    isPlainObject(each),
  );
  const outputs = metrics.map(([, each]) => outputOf(objectIn(each as Fields, 'usage')));
  const statedInAll = [...stated.values()].reduce((sum, tokens) => sum + tokens, 0);
  let unstated = Math.max(0, outputs.reduce((sum, tokens) => sum + tokens, 0) - statedInAll);
  for (const [model, each] of metrics as [string, Fields][]) {
    const usage = objectIn(each, 'usage');
    if (Object.keys(usage).length === 0) continue;
    // Messages may call a model otherwise; so never more than all models have beyond all messages.
    const rest = Math.min(unstated, Math.max(0, outputOf(usage) - (stated.get(model) ?? 0)));
    unstated -= rest;
    const cost = objectIn(each, 'requests').cost;
    found.push({
      model,
      usage: partsOf(usage, rest),
      premiumRequests: typeof cost === 'number' ? cost : undefined,
    });
  }
  const details = objectIn(data, 'tokenDetails');
  if (found.length > 0 || Object.keys(details).length === 0) return found;
  return [{ model: undefined, usage: detailsOf(details, statedInAll), premiumRequests: undefined }];
}

function partsOf(usage: Fields, output: number): Usage {
  const input = tokenCount(usage.inputTokens);
  const [read, written] = [tokenCount(usage.cacheReadTokens), tokenCount(usage.cacheWriteTokens)];
  const cached = (read ?? 0) + (written ?? 0);
  return {
    inputTokens: input === null || cached > input ? input : input - cached,
    cacheReadTokens: read,
    cacheWrite5mTokens: written,
    cacheWrite1hTokens: null,
    outputTokens: output,
    reasoningTokens: null,
  };
}

/** Kinds of tokens that are billed apart, of all models together. */
function detailsOf(details: Fields, stated: number): Usage {
  const of = (name: string) => tokenCount(objectIn(details, name).tokenCount);
  const output = of('output');
  return {
    inputTokens: of('input'),
    cacheReadTokens: of('cache_read'),
    cacheWrite5mTokens: of('cache_write'),
    cacheWrite1hTokens: null,
    outputTokens: output === null ? null : Math.max(0, output - stated),
    reasoningTokens: null,
  };
}

function outputOf(usage: Fields): number {
  return tokenCount(usage.outputTokens) ?? 0;
}
