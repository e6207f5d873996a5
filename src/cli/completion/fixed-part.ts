import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** The part of a shell's script that no command changes: the functions in `completion.<shell>`. */
export function fixedPart(shell: 'bash' | 'zsh' | 'fish'): string {
  return readFileSync(join(import.meta.dirname, `completion.${shell}`), 'utf8');
}
