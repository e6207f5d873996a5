import { readFileSync } from 'node:fs';
import { type CostedCount, noCount } from '../support/corpus-suite.ts';

interface RawEvent {
  type: string;
  data: {
    content?: string;
    toolCallId?: string;
    outputTokens?: number;
    toolRequests?: { toolCallId: string }[];
    parentToolCallId?: string;
    modelMetrics?: Record<string, { usage?: Record<string, number> }>;
    tokenDetails?: Record<string, { tokenCount: number }>;
  };
}

const STEPS = ['abort', 'session.task_complete', 'session.truncation', 'assistant.reasoning'];

/** What session files hold, counted from their raw lines by the rules of the page, and by nothing else. */
export function naiveCount(paths: readonly string[]): CostedCount {
  const count = noCount();
  const { steps, usage } = count;
  const add = (part: keyof typeof usage, tokens = 0) => {
    usage[part] = (usage[part] ?? 0) + tokens;
  };
  for (const path of paths) {
    const open = new Set<string>();
    let hasRun = false;
    let stated = 0;
    const call = (id = '') => {
      if (!open.has(id)) steps.tool_call += 1;
      open.add(id);
    };
    for (const { type, data } of eventsOf(path)) {
      if (type === 'user.message' && data.content !== '') {
        count.runs += 1;
        hasRun = true;
      } else if (type === 'user.message' || type === 'system.notification') steps.message += 1;
      else if (type === 'subagent.started') count.runs += 1;
      else if (STEPS.includes(type)) steps.event += hasRun ? 1 : 0;
      else if (type === 'tool.execution_start') call(data.toolCallId);
      else if (type === 'tool.execution_complete') {
        if (!open.delete(data.toolCallId ?? '')) steps.event += 1;
      } else if (type === 'assistant.message') {
        steps.model_call += 1;
        stated += data.outputTokens ?? 0;
        if (data.outputTokens !== undefined) add('outputTokens', data.outputTokens);
        for (const { toolCallId } of data.toolRequests ?? []) call(toolCallId);
      } else if (type === 'session.shutdown') {
        const metrics = Object.values(data.modelMetrics ?? {}).flatMap(({ usage }) =>
          usage === undefined ? [] : [usage],
        );
        const [cli] = metrics;
        const details = data.tokenDetails;
        steps.event += 1;
        const read = cli?.cacheReadTokens ?? details?.cache_read?.tokenCount ?? 0;
        add('cacheReadTokens', read);
        add('cacheWrite5mTokens', cli?.cacheWriteTokens ?? details?.cache_write?.tokenCount);
        add('inputTokens', cli ? (cli.inputTokens ?? 0) - read : details?.input?.tokenCount);
        // Both files that have one state as much output in their messages.
        const output = cli?.outputTokens ?? details?.output?.tokenCount;
        if (metrics.length > 1 || output !== stated) throw new TypeError('Not made for this file.');
      }
    }
  }
  return count;
}

function eventsOf(path: string): RawEvent[] {
  const lines = readFileSync(path, 'utf8').split('\n');
  return lines.filter((line) => line !== '').map((line) => JSON.parse(line));
}
