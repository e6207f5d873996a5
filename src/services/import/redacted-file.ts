import { type Redaction, redactText } from '../../domain/redaction/redact-text.ts';
import type { Transcript } from '../../repository/importer.ts';

const LINE_FEED = 0x0a;

/** Told of each credential that is taken out, with the line that it stood in, from 1. */
export type OnRedaction = (path: string, line: number, redaction: Redaction) => void;

/**
 * A file without credentials, whoever reads it. It is handed on line by line, so that no credential is cut in
 * two; in bytes, so that what is no UTF-8 stays as it is. Of a file of lines, a last one that is still
 * being written is held back, because a part of a credential cannot be known.
 */
export function redactedFile(
  file: Transcript,
  growsByLines: boolean,
  tell: OnRedaction,
): Transcript {
  return {
    path: file.path,
    size: file.size,
    modifiedAt: file.modifiedAt,
    async *bytes() {
      let number = 1;
      const redacted = (line: string): Buffer => {
        const { text, found } = redactText(line);
        for (const redaction of found) tell(file.path, number, redaction);
        number += 1;
        return Buffer.from(text, 'latin1');
      };
      let parts: Buffer[] = [];
      for await (const chunk of file.bytes()) {
        const end = chunk.lastIndexOf(LINE_FEED) + 1;
        if (end > 0) {
          const whole = Buffer.concat([...parts, chunk.subarray(0, end)]).toString('latin1');
          const lines = whole.slice(0, -1).split('\n');
          yield Buffer.concat(lines.map((line) => redacted(`${line}\n`)));
          parts = [];
        }
        if (end < chunk.length) parts.push(Buffer.from(chunk.subarray(end)));
      }
      const last = Buffer.concat(parts).toString('latin1');
      if (last !== '' && (!growsByLines || isJson(last))) yield redacted(last);
    },
  };
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch (error) {
    if (error instanceof SyntaxError) return false;
    throw error;
  }
}
