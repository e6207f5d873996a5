import { LineCounter, parseDocument, type YAMLError } from 'yaml';
import { configurationError } from './configuration-error.ts';

/** What is said in place of the library's message, which may repeat a part of the file. */
const PROBLEMS: Readonly<Record<string, string>> = {
  NON_STRING_KEY: 'a key must be a text',
  DUPLICATE_KEY: 'this key stands twice in one mapping',
  MULTIPLE_DOCS: 'a second document begins, and there may be one',
  TAG_RESOLVE_FAILED: 'tags, such as !name, are not taken',
  UNEXPECTED_TOKEN: 'something stands here that does not belong here',
  BAD_DIRECTIVE: 'a line that begins with % is taken for a directive, and this is none',
  BAD_DQ_ESCAPE: 'there is no such escape sequence in a text in double quotes',
};

/**
 * Reads YAML 1.2 of the core schema: null for an empty file. Throws INVALID with line and column for a
 * fault, a key that stands twice, a tag, a second document, an alias that leads nowhere or repeats
 * itself too often; no value of the file is repeated. `origin` is the file as errors name it.
 */
export function parseYaml(text: string, origin: string): unknown {
  const lines = new LineCounter();
  const document = parseDocument(text, {
    lineCounter: lines,
    prettyErrors: false,
    schema: 'core',
    resolveKnownTags: false,
    stringKeys: true,
    logLevel: 'error',
  });
  // A warning is for a tag that is not known, whose value would be taken as if it had none.
  const [fault] = [...document.errors, ...document.warnings];
  if (fault !== undefined) {
    const { line, col } = lines.linePos(fault.pos[0]);
    throw configurationError(`${origin}, line ${line}, column ${col}`, problemOf(fault), {
      ...(text.includes('${') && {
        hint: 'Between { } and [ ], a value with ${NAME} stands in quotes.',
      }),
    });
  }
  try {
    return document.toJS() as unknown;
  } catch (error) {
    if (!(error instanceof ReferenceError)) throw error;
    throw configurationError(origin, 'an alias leads nowhere, or aliases repeat too much');
  }
}

function problemOf({ code, message }: YAMLError): string {
  return PROBLEMS[code] ?? message;
}
