import type { Random } from './random.ts';

const WORDS = (
  'the a this every when before after because please check whether function request handler store ' +
  'repository cursor retry timeout session page index migration transaction batch parser error ' +
  'returns throws keeps drops reads writes locks waits fails passes empty missing duplicate stale ' +
  'getRunsByRepository parseConfig src/run-storage.ts ECONNRESET useEffect AbortSignal user_id ' +
  'in of to for with without from between and or not only again slowly twice café naïve'
).split(' ');

/** Prose with code words in it, about so many characters long. */
export function sentences(random: Random, length: number): string {
  let text = '';
  while (text.length < length) {
    text += `${words(random, 6 + Math.floor(random() * 12))}.${random() < 0.15 ? '\n\n' : ' '}`;
  }
  return text;
}

/** A unified diff. */
export function diff(random: Random, length: number): string {
  let text = '--- a/src/run-storage.ts\n+++ b/src/run-storage.ts\n@@ -41,17 +41,19 @@\n';
  while (text.length < length) {
    const sign = [' ', ' ', '-', '+'][Math.floor(random() * 4)];
    text += `${sign}  const ${word(random)} = await ${word(random)}.${word(random)}('${word(random)}');\n`;
  }
  return text;
}

/** What a program prints; one line in ten holds characters beyond Latin-1. */
export function log(random: Random, length: number): string {
  let text = '';
  while (text.length < length) {
    text += `${random() < 0.1 ? '✓ → ' : '    at '}${words(random, 4)} (file:///src/app.ts:${Math.floor(random() * 900)}:17)\n`;
  }
  return text;
}

/** Subjects of commits. */
export function commitSubjects(random: Random, count: number): string[] {
  return Array.from({ length: count }, () => `fix: ${words(random, 7)}`);
}

function words(random: Random, count: number): string {
  return Array.from({ length: count }, () => word(random)).join(' ');
}

function word(random: Random): string {
  return WORDS[Math.floor(random() * WORDS.length)] ?? 'word';
}
