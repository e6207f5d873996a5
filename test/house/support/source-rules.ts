import { type Breach, type SourceFile, withoutComments, withoutTexts } from './source-tree.ts';

/** A rule about the text of one file. */
export interface SourceRule {
  name: string;
  appliesTo(path: string): boolean;
  /** The first thing that is wrong, or undefined. */
  breachIn(file: SourceFile): string | undefined;
}

const LONGEST = 300;
/** Files that gather what others declare; everything else is imported from where it is declared. */
const BARRELS = ['src/index.ts', 'src/conformance/index.ts', 'src/compat/index.ts'];

const inSource = (path: string) => path.startsWith('src/');
const everywhere = () => true;

function firstLine(text: string, pattern: RegExp): string | undefined {
  const index = text.split('\n').findIndex((line) => pattern.test(line));
  return index === -1 ? undefined : `line ${index + 1}`;
}

/** The rules that neither the compiler nor the linter holds. */
export const SOURCE_RULES: readonly SourceRule[] = [
  {
    name: `no file is longer than ${LONGEST} lines`,
    appliesTo: everywhere,
    breachIn: ({ text }) => {
      const lines = text.trimEnd().split('\n').length;
      return lines > LONGEST ? `${lines} lines` : undefined;
    },
  },
  {
    name: 'file names are kebab-case',
    appliesTo: everywhere,
    breachIn: ({ path }) => (/(^|\/)[a-z0-9]+(?:[-.][a-z0-9]+)*$/.test(path) ? undefined : 'name'),
  },
  {
    name: 'errors have a code: no bare `throw new Error`',
    // The suite plays a store's callers, and their failures are their own.
    appliesTo: (path) => inSource(path) && !path.startsWith('src/conformance/'),
    breachIn: ({ text }) => firstLine(withoutComments(text), /\bnew (?:Range)?Error\(/),
  },
  {
    name: 'only the command line writes to the console',
    // Who sets `logging` asks for its lines.
    appliesTo: (path) =>
      inSource(path) && !/^src\/(cli\/|stores\/sql\/statement-log\.ts$)/.test(path),
    breachIn: ({ text }) =>
      firstLine(withoutTexts(text), /\bconsole\.|\bprocess\.(?:stdout|stderr)\b/),
  },
  {
    name: 'nothing is typed `any`',
    appliesTo: everywhere,
    breachIn: ({ text }) => firstLine(withoutTexts(text), /(?:[:<|&,(]|\bas|=>|extends)\s*any\b/),
  },
  {
    name: 'no complaint of the compiler is silenced',
    appliesTo: everywhere,
    breachIn: ({ text }) =>
      firstLine(text, /^\s*(?:\/\/|\/?\*+)\s*@ts-(?:ignore|nocheck|expect-error)/),
  },
  {
    name: 'a complaint of the linter is silenced with a reason',
    appliesTo: everywhere,
    breachIn: ({ text }) => firstLine(text, /^\s*\/[/*]\s*biome-ignore(?! \S+: \S+ \S+)/),
  },
  {
    name: 'only the public doors re-export',
    appliesTo: (path) => inSource(path) && !BARRELS.includes(path),
    breachIn: ({ text }) =>
      /^export (?:type )?(?:\{|\*)[^;]*\sfrom '/m.test(withoutComments(text))
        ? 're-export'
        : undefined,
  },
  {
    name: 'every export has a doc comment',
    appliesTo: (path) => inSource(path) || path.startsWith('examples/'),
    breachIn: ({ text }) => undocumentedExport(text),
  },
];

/** Where these files break the rules. */
export function sourceBreaches(files: readonly SourceFile[]): Breach[] {
  return SOURCE_RULES.flatMap((rule) =>
    files.flatMap((file) => {
      const found = rule.appliesTo(file.path) ? rule.breachIn(file) : undefined;
      return found === undefined ? [] : [`${file.path}: ${rule.name} (${found})`];
    }),
  );
}

function undocumentedExport(text: string): string | undefined {
  const lines = text.split('\n');
  const declaration =
    /^export (?:default |declare |abstract |async )*(?:function\*?|class|const|let|interface|type) (\w+)/;
  for (const [index, line] of lines.entries()) {
    const name = declaration.exec(line)?.[1];
    if (name !== undefined && !lines[index - 1]?.endsWith('*/')) return name;
  }
  return undefined;
}
