import { CREDENTIAL_SHAPES, type CredentialShape } from './credential-shapes.ts';

/** A credential that was taken out of a text. */
export interface Redaction {
  kind: string;
  /** Where it began in the text as it was. */
  at: number;
}

/** A text without credentials, and what was taken out of it. */
export interface RedactedText {
  text: string;
  found: Redaction[];
}

/**
 * Takes credentials out of a text: what has the shape of one, and what stands beside a name such as
 * `api_key` and looks random. `[redacted:<kind>]` stands in their place, so that JSON stays JSON. Doing it
 * again changes nothing. Time grows with the text.
 */
export function redactText(text: string): RedactedText {
  const places: { start: number; end: number; kind: string }[] = [];
  if (BEGINNINGS.test(text)) {
    for (const shape of CREDENTIAL_SHAPES) places.push(...placesOf(text, shape));
  }
  places.push(
    ...placesOf(text, NAMED).filter(({ start, end }) => looksRandom(text.slice(start, end))),
  );
  if (places.length === 0) return { text, found: [] };
  places.sort((a, b) => a.start - b.start || b.end - a.end);
  const found: Redaction[] = [];
  let result = '';
  let done = 0;
  for (const { start, end, kind } of places) {
    if (start < done) continue;
    result += `${text.slice(done, start)}[redacted:${kind}]`;
    found.push({ kind, at: start });
    done = end;
  }
  return { text: result + text.slice(done), found };
}

/** How credentials begin: most texts have none of these, and need not be searched for each shape. */
const BEGINNINGS =
  /PRIVATE KEY-----|sk-|gh[pousr]_|github_pat_|gl[a-z]+-|A[KSBC][IC]A[A-Z0-9]|AIza|GOCSPX|ya29\.|xox|xapp-|hooks\.slack|discord|[sr]k_|whsec_|npm_|pypi-|hf_|SG\.|do[opr]_v1|dapi|shp|lin_api|ntn_|ATATT|gsk_|xai-|pplx-|:AA|AccountKey|eyJ|Bearer|Basic|:\/\/[^\s:@/"'\\]{1,100}:/;

/** A name of a secret, and what it is set to: in JSON, also within a string of JSON, in code and in shells. */
const NAMED: CredentialShape = {
  kind: 'secret',
  pattern:
    /(?:api|access|secret|private|signing|encryption|auth|account|master|service)[_-]?key|secret|token|passw(?:or)?d|passphrase|pwd|credentials?/gi,
};

/** What may stand between such a name and its value. */
const BETWEEN = /[A-Za-z0-9_-]{0,40}\\*["'`]?\s{0,3}(?:=>|:=|[:=])\s{0,3}\\*["'`]?/y;
const VALUE = /[A-Za-z0-9_+/=.~!@#$%^&*?-]{12,4096}/y;

function* placesOf(text: string, shape: CredentialShape) {
  const { kind, pattern, group } = shape;
  for (const match of text.matchAll(pattern)) {
    const place =
      shape === NAMED ? valueAfter(text, match.index + match[0].length) : whole(match, group);
    if (place !== null) yield { ...place, kind };
  }
}

function whole(match: RegExpExecArray, group: CredentialShape['group']) {
  const secret = group === undefined ? match[0] : (match.groups?.[group] ?? '');
  const start = match.index + match[0].lastIndexOf(secret);
  return { start, end: start + secret.length };
}

function valueAfter(text: string, at: number) {
  BETWEEN.lastIndex = at;
  if (!BETWEEN.test(text)) return null;
  VALUE.lastIndex = BETWEEN.lastIndex;
  const start = VALUE.lastIndex;
  return VALUE.test(text) ? { start, end: VALUE.lastIndex } : null;
}

/** Bits for each character: words have some 2.5 to 3, random letters and digits of that length 3.2 and more. */
const LEAST_ENTROPY = 3.2;

/** Whether a text has letters and digits that hardly repeat. Names in code, versions and paths have not. */
function looksRandom(value: string): boolean {
  if (!/[A-Za-z]/.test(value) || !/\d/.test(value) || /^[A-Za-z_]+[./]/.test(value)) return false;
  const counts = new Map<string, number>();
  for (const character of value) counts.set(character, (counts.get(character) ?? 0) + 1);
  let bits = 0;
  for (const count of counts.values())
    bits -= (count / value.length) * Math.log2(count / value.length);
  return bits >= LEAST_ENTROPY;
}
