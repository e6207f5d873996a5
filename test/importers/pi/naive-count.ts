import { readFileSync } from 'node:fs';
import { type CostedCount, noCount } from '../support/corpus-suite.ts';

interface RawEntry {
  type: string;
  message?: {
    role: string;
    timestamp: number;
    content?: { type: string }[];
    stopReason?: string;
    usage?: Record<'input' | 'output' | 'cacheRead' | 'cacheWrite', number> & {
      cost: { total: number };
    };
  };
}

/** What session files hold, counted from their raw lines by the rules of the page, and by nothing else. */
export function naiveCount(paths: readonly string[]): CostedCount {
  const count = noCount();
  const { usage, steps } = count;
  for (const path of paths) {
    let costs: number[] = [];
    let unknown = false;
    // What was typed before the last result came, while no answer was there, went to the run at work.
    let busyUntil = 0;
    const endRun = () => {
      if (!unknown) count.costMicroUsd += Math.round(costs.reduce((a, b) => a + b, 0) * 1e6);
      [costs, unknown] = [[], false];
    };
    for (const { type, message } of entriesOf(path)) {
      if (type === 'compaction') steps.event += 1;
      if (message === undefined) continue;
      if (message.role === 'bashExecution') steps.event += 1;
      if (message.role === 'toolResult') busyUntil = message.timestamp;
      if (message.role === 'user' && message.timestamp < busyUntil) steps.message += 1;
      else if (message.role === 'user') {
        endRun();
        count.runs += 1;
        busyUntil = 0;
      }
      if (message.role !== 'assistant' || message.usage === undefined) continue;
      if (message.stopReason !== 'toolUse') busyUntil = 0;
      steps.model_call += 1;
      steps.tool_call += message.content?.filter((part) => part.type === 'toolCall').length ?? 0;
      const { input, output, cacheRead, cacheWrite, cost } = message.usage;
      usage.inputTokens = (usage.inputTokens ?? 0) + input;
      usage.outputTokens = (usage.outputTokens ?? 0) + output;
      usage.cacheReadTokens = (usage.cacheReadTokens ?? 0) + cacheRead;
      usage.cacheWrite5mTokens = (usage.cacheWrite5mTokens ?? 0) + cacheWrite;
      costs.push(cost.total);
      if (cost.total === 0 && input + output > 0) unknown = true;
    }
    endRun();
  }
  return count;
}

function entriesOf(path: string): RawEntry[] {
  const lines = readFileSync(path, 'utf8').split('\n');
  return lines.filter((line) => line !== '').map((line) => JSON.parse(line));
}
