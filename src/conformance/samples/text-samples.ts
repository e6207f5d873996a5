import type { AgentRun } from '../../domain/run.ts';
import { inputOf, makeRun } from '../make-run.ts';
import type { Sample } from './sample.ts';

/** Texts that some store, driver or format is known to change, cut off or refuse. */
export const EDGE_TEXTS: Readonly<Record<string, string>> = {
  'an empty string': '',
  'U+0000 at each end and inside': '\u0000a\u0000b\u0000',
  'a lone high surrogate': 'before \ud83d after',
  'a lone low surrogate': 'before \ude00 after',
  'surrogates in the wrong order': '\ude00\ud83d',
  'line and paragraph separators': 'one\u2028two\u2029three',
  'U+E000 at its beginning': '\ue000not encoded',
  'U+E000 and an escape that was meant literally': '\ue000\\u0000',
  'U+E000 inside': 'a\ue000b',
  'a backslash and an escape in words': 'C:\\u0000 \\ud800 \\',
  'a text that looks like a date': '2026-03-01T12:00:00.000Z',
  'a text that looks like JSON': '{"a":[1,null,"\\u0000"]}',
  'a text that looks like null': 'null',
  'a text that looks like a number': '1e5',
  'a byte order mark': '\ufeffmarked',
  'quotes and SQL': `Robert'); DROP TABLE "agent_runs"; -- ? $1 :a @b %s`,
  'line ends of every kind': 'a\r\nb\rc\nd\u0085e\u000bf',
  'white space at its ends': ' \t\n text \u00a0\u3000',
  emoji: '👩‍👩‍👧‍👦 🏳️‍🌈 👍🏽 🇫🇷',
  'Chinese, Japanese and Korean': '数据库迁移 データベース移行 데이터베이스 𠮷野家',
  'right to left': 'שלום עולם \u202eabc\u202c مرحبا',
  'letters with combining marks': 'e\u0301 Z\u0351\u036b\u0343 ǆ',
  'control characters': '\u0001\u0007\u001b[31mred\u001b[0m\u007f\u009f',
  'characters that are none': '\uffff\ufffe\ufffd\u{10ffff}\u{1fffe}',
};

/** A run with this text in every place where a run has a free text, keys among them. */
export function everywhere(number: number, text: string): AgentRun {
  const named = Object.fromEntries([[`key ${text}`, text]]);
  return makeRun(number, {
    repository: text === '' ? 'empty' : text,
    status: 'FAILED',
    input: { ...inputOf(text), diff: text, recentCommits: [text, text], model: text },
    output: {
      message: text,
      confidence: null,
      reasoning: text,
      rawResponse: text,
      tokensUsed: null,
      ...named,
    },
    error: { code: text, message: text, stackTrace: text, recoverable: true, ...named },
    agent: text,
    sessionId: text,
    branch: text,
    workingDirectory: text,
    tags: text === '' ? [] : [text],
    metadata: { text, list: [text, [text]], ...named },
    steps: [
      {
        kind: 'tool_call',
        name: text,
        model: text,
        input: { text, ...named },
        output: text,
        error: [text],
        ...named,
      },
    ],
    source: { key: `${number} ${text}`, location: text },
    ...named,
  });
}

/** One run for each edge text, with it everywhere; and names that are long or alike. */
export const TEXT_SAMPLES: readonly Sample[] = [
  ...Object.entries(EDGE_TEXTS).map(([name, text], index) => ({
    name,
    make: () => everywhere(1100 + index, text),
  })),
  {
    name: 'a repository of 255 characters of two units each',
    make: () => makeRun(1190, { repository: '𠮷'.repeat(255) }),
  },
  { name: 'a composed name', make: () => everywhere(1191, 'caf\u00e9') },
  { name: 'the same name decomposed', make: () => everywhere(1192, 'cafe\u0301') },
];

/** A text that is too large for most ways of handling texts. */
export const LARGE_SAMPLES: readonly Sample[] = [
  { name: 'a prompt of 10 MB', make: () => makeRun(1193, { input: inputOf(largeText(10e6)) }) },
];

/** A text of so many units that does not compress to nothing: no two lines of it are equal. */
export function largeText(length: number): string {
  const lines: string[] = [];
  for (let at = 0, size = 0; size < length; at += 1) {
    const line = `line ${at} of a long answer, ${(at * 2_654_435_761) % 4_294_967_296} ü😀\n`;
    lines.push(line);
    size += line.length;
  }
  return lines.join('').slice(0, length);
}
