import { readTree, type SourceFile } from './source-tree.ts';

/** Every Markdown file of the checkout. */
export function readDocs(): SourceFile[] {
  return readTree('.', '.md');
}

/** A section of a page: its heading without the signs, and what follows up to the next of its level. */
export interface Section {
  heading: string;
  text: string;
}

/** The `##` sections of a page, in order. */
export function sectionsOf({ text }: SourceFile): Section[] {
  return withoutCode(text)
    .split(/^## /m)
    .slice(1)
    .map((section) => {
      const [heading = '', ...lines] = section.split('\n');
      return { heading: heading.replaceAll('`', '').trim(), text: lines.join('\n') };
    });
}

/** The first cell of each row of the tables in a text, headings and rules left out. */
export function firstCells(text: string): string[] {
  return text
    .split('\n')
    .filter((line, index, lines) => isRow(line) && isRow(lines[index - 1]) && !isRule(line))
    .map((line) => line.split(/(?<!\\)\|/)[1]?.trim() ?? '');
}

const isRow = (line: string | undefined) => line?.startsWith('|') ?? false;
const isRule = (line: string) => /^\|[\s:|-]+\|$/.test(line);

/** What stands in backticks in a text. */
export function quotedIn(text: string): string[] {
  return [...text.matchAll(/`([^`\n]+)`/g)].map(([, quoted = '']) => quoted);
}

/** The blocks of a page that are fenced as code of a language. */
export function codeBlocks(text: string, language: string): string[] {
  const block = new RegExp(`^\`\`\`${language}\\n([\\s\\S]*?)^\`\`\`$`, 'gm');
  return [...text.matchAll(block)].map(([, code = '']) => code);
}

/** A page without its fenced blocks. Line breaks stay where they were. */
export function withoutCode(text: string): string {
  return text.replace(/^```[\s\S]*?^```$/gm, (block) => block.replace(/[^\n]/g, ''));
}

/** The anchors that a page offers, as GitHub makes them from its headings. */
export function anchorsOf(text: string): string[] {
  return [...withoutCode(text).matchAll(/^#{1,6} (.+)$/gm)].map(([, heading = '']) =>
    heading
      .trim()
      .toLowerCase()
      .replace(/[^\p{L}\p{N}\s_-]/gu, '')
      .replaceAll(/\s/g, '-'),
  );
}
