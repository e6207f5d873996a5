import { readFileSync } from 'node:fs';
import type { RunCount } from '../support/run-count.ts';

interface RawMessage {
  id?: string;
  type?: string;
  content?: unknown;
  displayContent?: unknown;
  tokens?: Record<'input' | 'output' | 'cached' | 'thoughts' | 'tool', number>;
  toolCalls?: unknown[];
  path: string;
}

/** What session files hold, counted from their raw JSON by the rules of the page, and by nothing else. */
export function naiveCount(paths: readonly string[]): RunCount {
  const messages = new Map<string, RawMessage>();
  for (const path of paths) {
    for (const [index, message] of messagesOf(path).entries()) {
      // Ids of the hand-made files stand for other messages in each.
      const id = message.id ?? `message ${index}`;
      const key = id.length < 36 ? `${path} ${id}` : id;
      messages.set(key, { ...message, path: messages.get(key)?.path ?? path });
    }
  }
  const count: RunCount = {
    runs: 0,
    steps: { model_call: 0, tool_call: 0, message: 0, event: 0 },
    usage: {
      ...{ inputTokens: null, cacheReadTokens: null, outputTokens: null, reasoningTokens: null },
      ...{ cacheWrite5mTokens: null, cacheWrite1hTokens: null },
    },
  };
  const begun = new Set<string>();
  for (const { path, type, content, displayContent, tokens, toolCalls } of messages.values()) {
    if (type === 'user' && !JSON.stringify(content).includes('System: Please continue.')) {
      begun.add(path);
      count.runs += 1;
      const isTypedAlike = JSON.stringify(displayContent ?? content) === JSON.stringify(content);
      if (!isTypedAlike) count.steps.message += 1;
    } else if (type === 'user') count.steps.message += 1;
    else if (type === 'gemini') {
      if (!begun.has(path)) count.runs += 1;
      begun.add(path);
      count.steps.model_call += 1;
      count.steps.tool_call += toolCalls?.length ?? 0;
      if (tokens) {
        count.usage.inputTokens = (count.usage.inputTokens ?? 0) + tokens.input - tokens.cached;
        count.usage.cacheReadTokens = (count.usage.cacheReadTokens ?? 0) + tokens.cached;
        count.usage.outputTokens = (count.usage.outputTokens ?? 0) + tokens.output;
        count.usage.reasoningTokens = (count.usage.reasoningTokens ?? 0) + tokens.thoughts;
      }
    } else if (begun.has(path) && type !== undefined) count.steps.event += 1;
  }
  return count;
}

function messagesOf(path: string): RawMessage[] {
  const text = readFileSync(path, 'utf8');
  if (path.endsWith('.jsonl')) {
    const lines = text.split('\n').filter((line) => line.trim() !== '');
    return lines.map((line) => JSON.parse(line)).filter(({ type }) => type !== undefined);
  }
  const document = JSON.parse(text);
  return document.messages ?? (document.type === undefined ? [] : [document]);
}
