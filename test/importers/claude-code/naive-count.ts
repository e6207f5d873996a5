import { readFileSync } from 'node:fs';

/** What transcripts hold, counted from their raw lines by the rules of the page, and by nothing else. */
export interface NaiveCount {
  prompts: number;
  runs: number;
  modelCalls: number;
  toolCalls: number;
  tokens: Record<'input' | 'cacheRead' | 'cacheWrite5m' | 'cacheWrite1h' | 'output', number>;
}

interface RawUsage {
  input_tokens?: number;
  cache_read_input_tokens?: number;
  cache_creation_input_tokens?: number;
  cache_creation?: { ephemeral_5m_input_tokens?: number; ephemeral_1h_input_tokens?: number };
  output_tokens?: number;
}

interface RawBlock {
  type: string;
  text?: string;
  id?: string;
}

interface RawLine {
  file: string;
  type?: string;
  uuid?: string;
  timestamp?: string;
  agentId?: string;
  requestId?: string;
  isMeta?: boolean;
  isSidechain?: boolean;
  isCompactSummary?: boolean;
  origin?: { kind: string };
  message?: { id?: string; model?: string; content?: string | RawBlock[]; usage?: RawUsage };
}

const UUID = /^[\da-f]{8}-[\da-f]{4}-[\da-f]{4}-[\da-f]{4}-[\da-f]{12}$/;
const NOT_TYPED =
  /^\s*(<command-name>|<local-command|<bash-|<task-notification>|<system-reminder>|\[Request interrupted|Caveat: The messages|This session is being continued)/;

/** Counts the lines of files in the order given, as if they were one file. */
export function naiveCount(paths: readonly string[]): NaiveCount {
  const seen = new Set<string>();
  const lines = paths.flatMap(linesOf).filter(({ uuid, type }) => {
    if (uuid === undefined || !UUID.test(uuid) || type === 'progress') return true;
    return !seen.has(uuid) && seen.add(uuid);
  });
  const prompts = lines.filter(isPrompt);
  // What is typed in one moment is one prompt; subagents may be started at once.
  const moments = prompts.map((line, index) => {
    const isMoment = !line.isSidechain && line.timestamp?.startsWith('2');
    return isMoment ? `${line.file} ${line.timestamp}` : String(index);
  });
  const answers = lines.filter(
    (line) => isAssistant(line) && line.message?.model !== '<synthetic>',
  );
  const usages = new Map<string, RawUsage>();
  for (const [index, { message, requestId }] of answers.entries()) {
    const call = message?.id === undefined ? String(index) : `${message.id} ${requestId}`;
    usages.set(call, message?.usage ?? usages.get(call) ?? {});
  }
  const tools = answers.flatMap(blocks).filter(({ type }) => type === 'tool_use');
  const sum = (part: (usage: RawUsage) => number | undefined) =>
    [...usages.values()].reduce((total, usage) => total + (part(usage) ?? 0), 0);
  return {
    prompts: new Set(moments).size,
    runs: new Set(moments).size + beginningsWithoutPrompt(lines),
    modelCalls: usages.size,
    toolCalls: new Set(tools.map(({ id }, index) => id ?? index)).size,
    tokens: {
      input: sum((usage) => usage.input_tokens),
      cacheRead: sum((usage) => usage.cache_read_input_tokens),
      cacheWrite5m: sum((usage) =>
        usage.cache_creation
          ? usage.cache_creation.ephemeral_5m_input_tokens
          : usage.cache_creation_input_tokens,
      ),
      cacheWrite1h: sum((usage) => usage.cache_creation?.ephemeral_1h_input_tokens),
      output: sum((usage) => usage.output_tokens),
    },
  };
}

/** In how many threads the agent works before anything was typed. */
function beginningsWithoutPrompt(lines: readonly RawLine[]): number {
  const threads = Map.groupBy(lines, (line) => {
    return `${line.file} ${line.isSidechain ? `side ${line.agentId}` : 'main'}`;
  });
  const begins = (line: RawLine) => isPrompt(line) || isWork(line);
  return [...threads.values()].filter((thread) => {
    const first = thread.find(begins);
    return first !== undefined && !isPrompt(first);
  }).length;
}

function isWork(line: RawLine): boolean {
  const hasResult = blocks(line).some(({ type }) => type === 'tool_result');
  return isAssistant(line)
    ? line.message?.model !== '<synthetic>'
    : line.type === 'user' && hasResult;
}

function isAssistant({ type, message }: RawLine): boolean {
  return type === 'assistant' || (type === undefined && message?.usage !== undefined);
}

function isPrompt(line: RawLine): boolean {
  if (line.type !== 'user' || line.isMeta || line.isCompactSummary) return false;
  if (line.origin?.kind === 'task-notification') return false;
  const parts = blocks(line);
  if (parts.some(({ type }) => type === 'tool_result')) return false;
  return parts.some(({ type, text }) => type !== 'text' || !NOT_TYPED.test(text ?? ''));
}

function blocks({ message }: RawLine): RawBlock[] {
  const content = message?.content ?? [];
  return typeof content === 'string' ? [{ type: 'text', text: content }] : content;
}

function linesOf(path: string): RawLine[] {
  return readFileSync(path, 'utf8')
    .split('\n')
    .flatMap((text) => {
      try {
        return [{ file: path, ...JSON.parse(text) }];
      } catch {
        // Comments and blank lines; that the importer tells of what it cannot read, other tests hold.
        return [];
      }
    });
}
