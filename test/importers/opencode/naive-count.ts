import { readFileSync } from 'node:fs';
import { type CostedCount, noCount } from '../support/corpus-suite.ts';

interface RawPart {
  type: string;
  messageID?: string;
  synthetic?: boolean;
  reason?: string;
  tokens?: {
    input: number;
    output: number;
    reasoning?: number;
    cache?: { read: number; write: number };
  };
  cost?: number | { usd?: number };
}

interface RawObject extends RawPart {
  id?: string;
  role?: string;
  timestamp?: number;
  part?: RawPart;
}

/** What files of a storage hold, counted from them one by one by the rules of the page. */
export function naiveStorage(paths: readonly string[]): CostedCount {
  const count = noCount();
  const parts = paths.filter((path) => path.includes('/part/'));
  for (const path of paths.filter((each) => each.includes('/message/'))) {
    const message: RawObject = JSON.parse(readFileSync(path, 'utf8'));
    if (message.role === 'user') count.runs += 1;
    else {
      const own = parts.filter((part) => part.includes(`/part/${message.id}/`));
      const held: RawPart[] = own.map((part) => JSON.parse(readFileSync(part, 'utf8')));
      const finished = held.filter(({ type }) => type === 'step-finish');
      count.steps.model_call += Math.max(1, finished.length);
      addUsage(count, finished.length > 0 ? finished : [message]);
      addSteps(count, held);
    }
  }
  return count;
}

/** What a file that `run` printed holds, counted from its lines: one run each. */
export function naiveOutput(paths: readonly string[]): CostedCount {
  const count = noCount();
  for (const path of paths) {
    const lines = readFileSync(path, 'utf8').split('\n').filter(Boolean);
    const held = lines.flatMap((line) => (JSON.parse(line) as RawObject).part ?? []);
    const finished = held.filter(({ type }) => type === 'step-finish');
    count.runs += 1;
    count.steps.model_call += finished.length;
    addUsage(count, finished);
    addSteps(count, held);
  }
  return count;
}

function addSteps({ steps }: CostedCount, parts: readonly RawPart[]): void {
  for (const { type, synthetic } of parts) {
    if (type === 'tool') steps.tool_call += 1;
    if (type === 'text' && synthetic) steps.message += 1;
    if (['patch', 'file', 'compaction', 'retry'].includes(type)) steps.event += 1;
  }
}

function addUsage(count: CostedCount, parts: readonly RawPart[]): void {
  const { usage } = count;
  const add = (a: number | null, b: number | undefined) => (b === undefined ? a : (a ?? 0) + b);
  let dollars = 0;
  for (const { tokens, cost } of parts) {
    if (tokens === undefined) continue;
    usage.inputTokens = add(usage.inputTokens, tokens.input);
    usage.outputTokens = add(usage.outputTokens, tokens.output);
    usage.reasoningTokens = add(usage.reasoningTokens, tokens.reasoning);
    usage.cacheReadTokens = add(usage.cacheReadTokens, tokens.cache?.read);
    usage.cacheWrite5mTokens = add(usage.cacheWrite5mTokens, tokens.cache?.write);
    dollars += typeof cost === 'number' ? cost : (cost?.usd ?? 0);
  }
  count.costMicroUsd += Math.round(dollars * 1e6);
}
