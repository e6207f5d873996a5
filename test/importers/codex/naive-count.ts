import { readFileSync } from 'node:fs';
import type { RunCount } from '../support/run-count.ts';

/** A line of which nothing is known. */
// biome-ignore lint/suspicious/noExplicitAny: a naive reading asks without looking first.
type Line = any;

/** A second reading of rollouts, by the rule of docs/importers/codex.md and with nothing of the importer. */
export function naiveCount(path: string): Omit<RunCount, 'steps'> & {
  modelCalls: number;
  toolCalls: number;
} {
  const lines: Line[] = readFileSync(path, 'utf8')
    .split('\n')
    .flatMap((text) => {
      try {
        return text.trim() === '' ? [] : JSON.parse(text);
      } catch {
        return [];
      }
    });
  const isExec = String(lines[0]?.type).startsWith('thread.');
  return isExec ? countExec(lines) : countRollout(lines);
}

function countExec(lines: Line[]) {
  const items = lines.filter(({ type }) => type === 'item.completed').map(({ item }) => item.type);
  const usages = lines.flatMap(({ type, usage }) => (type === 'turn.completed' ? [usage] : []));
  const isWritten = (type: string) => type === 'agent_message' || type === 'reasoning';
  return {
    runs: lines.filter(({ type }) => type === 'turn.started').length,
    modelCalls: items.some(isWritten) ? 1 : 0,
    toolCalls: items.filter((type) => !isWritten(type)).length,
    usage: sumOf(usages),
  };
}

function countRollout(lines: Line[]) {
  const prompts = { item: [] as string[], event: [] as string[] };
  const usages: Line[] = [];
  const calls = new Set<string>();
  let total: Line = null;
  let modelCalls = 0;
  let isOpen = false;
  let lacksUsage = false;
  let begins = 0;
  const seen = new Map<string, [number, number]>();
  // The text of each thing counts as often as the form that has it most often.
  const isNew = (form: 0 | 1, text: string): boolean => {
    const counts = seen.get(text) ?? [0, 0];
    const before = Math.max(...counts);
    counts[form] += 1;
    seen.set(text, counts);
    return Math.max(...counts) > before;
  };
  const begin = () => {
    begins += 1;
    isOpen = false;
    lacksUsage = false;
  };
  const write = () => {
    if (begins === 0) begin();
    if (!isOpen) {
      modelCalls += 1;
      lacksUsage = true;
    }
    isOpen = true;
  };
  const count = (usage: Line) => {
    if (begins === 0) begin();
    usages.push(usage);
    if (!lacksUsage) {
      modelCalls += 1;
      isOpen = true;
    }
    lacksUsage = false;
  };
  for (const line of lines) {
    const payload = line.payload ?? { ...line, type: line.type ?? 'message' };
    const type = payload.type ?? (payload.role ? 'message' : '');
    const text = textOf(payload);
    if (line.type === 'session_meta' || line.type === 'turn_context') continue;
    if (type === 'message' && payload.role === 'user' && isTyped(text)) {
      prompts.item.push(text);
      if (isNew(0, `p${text}`)) begin();
    } else if (type === 'user_message' && isTyped(text)) {
      prompts.event.push(text);
      if (isNew(1, `p${text}`)) begin();
    } else if (type === 'message' && payload.role === 'assistant') {
      if (text.trim() !== '' && isNew(0, `a${text}`)) write();
    } else if (type === 'agent_message' && line.type === 'event_msg') {
      if (text.trim() !== '' && isNew(1, `a${text}`)) write();
    } else if (type === 'reasoning') {
      for (const { text: thought } of payload.summary ?? []) if (isNew(0, `r${thought}`)) write();
    } else if (type === 'agent_reasoning') {
      if (isNew(1, `r${text}`)) write();
    } else if (type === 'function_call' || /_call$/.test(type)) {
      const id = payload.call_id ?? `${calls.size}`;
      if (line.type !== 'event_msg' && !calls.has(id)) {
        calls.add(id);
        write();
        if (payload.status === 'completed' && payload.call_id === undefined) isOpen = false;
      }
    } else if (/_output$/.test(type) || type === 'tool_result') {
      if (begins === 0) begin();
      isOpen = false;
    } else if (type === 'compacted' || line.type === 'compacted') isOpen = false;
    else if (type === 'token_count' && payload.info?.total_token_usage) {
      const now = payload.info.total_token_usage;
      const size = (of: Line) => (of?.input_tokens ?? 0) + (of?.output_tokens ?? 0);
      const before = size(now) < size(total) ? null : total;
      if (size(now) !== size(before)) count(minus(now, before));
      total = now;
    } else if (type === 'turn.completed' && payload.usage) count(payload.usage);
  }
  return { runs: begins, modelCalls, toolCalls: calls.size, usage: sumOf(usages) };
}

function isTyped(text: string): boolean {
  return text.trim() !== '' && !/^\s*(<[a-zA-Z_]+[ >]|# AGENTS\.md)/.test(text);
}

function textOf({ content, message, text }: Line): string {
  if (typeof content === 'string') return content;
  if (Array.isArray(content)) return content.flatMap((part) => part.text ?? []).join('\n\n');
  return message ?? text ?? '';
}

function minus(now: Line, before: Line): Line {
  return Object.fromEntries(
    Object.entries(now).map(([name, value]) => [name, Number(value) - (before?.[name] ?? 0)]),
  );
}

function sumOf(usages: Line[]): RunCount['usage'] {
  const sum = (part: string, without: string) => {
    const stated = usages.filter((usage) => typeof usage[part] === 'number');
    if (stated.length === 0) return null;
    return stated.reduce((total, usage) => total + usage[part] - (usage[without] ?? 0), 0);
  };
  return {
    inputTokens: sum('input_tokens', 'cached_input_tokens'),
    cacheReadTokens: sum('cached_input_tokens', ''),
    cacheWrite5mTokens: null,
    cacheWrite1hTokens: null,
    outputTokens: sum('output_tokens', 'reasoning_output_tokens'),
    reasoningTokens: sum('reasoning_output_tokens', ''),
  };
}
