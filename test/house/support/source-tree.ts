import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, posix } from 'node:path';

/** The checkout. */
export const ROOT = dirname(dirname(dirname(import.meta.dirname)));

/** A file as the house rules see it. */
export interface SourceFile {
  /** From the root of the checkout, with forward slashes. */
  path: string;
  text: string;
}

/** What a rule says about a place that breaks it: `path: reason`. */
export type Breach = string;

/** Folders that hold nothing of ours. */
const FOREIGN = ['node_modules', 'dist', '.git', 'data', 'logs', 'coverage'];

/** Every file below a folder of the checkout whose name ends so, in the order of their paths. */
export function readTree(folder: string, ending: string): SourceFile[] {
  return list(folder)
    .filter((path) => path.endsWith(ending))
    .map((path) => ({ path, text: readFileSync(join(ROOT, path), 'utf8') }));
}

function list(folder: string): string[] {
  return readdirSync(join(ROOT, folder), { withFileTypes: true })
    .filter((entry) => !FOREIGN.includes(entry.name))
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .flatMap((entry) => {
      const path = posix.join(folder, entry.name);
      return entry.isDirectory() ? list(path) : [path];
    });
}

/** The text of a TypeScript file without its comments. Line breaks stay where they were. */
export function withoutComments(text: string): string {
  return text
    .replace(/^[ \t]*\/\*[\s\S]*?\*\//gm, (comment) => comment.replace(/[^\n]/g, ''))
    .replace(/(^|\s)\/\/.*$/gm, '$1');
}

/** The same without what stands in quotes: what is left is code. */
export function withoutTexts(text: string): string {
  return withoutComments(text).replace(/'(?:[^'\\\n]|\\.)*'|`(?:[^`\\]|\\.)*`/g, "''");
}

/** What a file imports, as it is written: static, dynamic and types alike. */
export function importsOf({ text }: SourceFile): string[] {
  const statement =
    /^(?:import|export|\})[^'\n;]*\sfrom '([^']+)'|^import '([^']+)'|\bimport\(\s*'([^']+)'/gm;
  return [...withoutComments(text).matchAll(statement)].map(
    ([, from, bare, dynamic]) => from ?? bare ?? dynamic ?? '',
  );
}

/** The files of ours that a file imports, as paths from the root. */
export function ownImportsOf(file: SourceFile): string[] {
  return importsOf(file)
    .filter((name) => name.startsWith('.'))
    .map((name) => posix.join(posix.dirname(file.path), name));
}
