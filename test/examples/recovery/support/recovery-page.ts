import { codeBlocks } from '../../../house/support/markdown.ts';
import { readTree } from '../../../house/support/source-tree.ts';
import type { ServerSettings } from '../../../support/postgres/server.ts';

/** The page that tells people of the recipes. */
export const recoveryPage =
  readTree('docs', '.md').find(({ path }) => path === 'docs/recovery.md')?.text ?? '';

/** The settings of a server in the block of the page that has this text, with other paths. */
export function documentedSettings(
  text: string,
  paths: Readonly<Record<string, string>>,
): ServerSettings {
  const block = codeBlocks(recoveryPage, 'ini').find((code) => code.includes(text)) ?? '';
  const lines = [...block.matchAll(/^(\w+) = (?:'(.*)'|(\S+))$/gm)];
  if (lines.length === 0) throw new TypeError(`The page has no settings with ${text}.`);
  const settings = lines.map(([, name = '', quoted, word]) => [name, quoted ?? word ?? '']);
  return Object.fromEntries(
    settings.map(([name = '', value = '']) => [
      name,
      Object.entries(paths).reduce((done, [from, to]) => done.replaceAll(from, to), value),
    ]),
  );
}

/** What the page has people say to a server, statement by statement, in the block that has this text. */
export function documentedStatements(text: string): string[] {
  // A block may stand in a list, and is indented then.
  const blocks = [...recoveryPage.matchAll(/^ *```sql\n([\s\S]*?)^ *```$/gm)];
  const [, block = ''] = blocks.find(([, code = '']) => code.includes(text)) ?? [];
  const statements = block.split(';').filter((statement) => statement.trim() !== '');
  if (statements.length === 0) throw new TypeError(`The page has no statement with ${text}.`);
  return statements;
}
