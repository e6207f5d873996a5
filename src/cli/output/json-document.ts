import { writeOut } from './stdout.ts';

/** The version of every `--json` document. A field may be added under it; none changes its meaning. */
const VERSION = 1;

/** DEL and the C1 controls, which JSON lets through and some terminals obey. */
const CONTROLS = /[\x7f-\x9f]/g;

/** Writes the one document that a command with `--json` leaves on standard output. */
export async function writeJson(fields: object): Promise<void> {
  const json = JSON.stringify({ version: VERSION, ...fields }, null, 2);
  await writeOut(`${json.replace(CONTROLS, escaped)}\n`);
}

function escaped(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
}
