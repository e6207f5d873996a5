import type { FileHandle } from 'node:fs/promises';
import { BACKUP_VERSION } from '../backup-manifest.ts';
import { type BackupRecord, type BrokenRecord, lineOf, recordOfLine } from '../backup-record.ts';
import { ByteWindow } from '../byte-window.ts';
import type {
  BackupBytes,
  BackupContent,
  BackupEnd,
  BackupFormat,
  WantedRecords,
} from './backup-format.ts';
import { bytesAt } from './framed.ts';

/** The members of the document that hold records, in their order. */
const SECTIONS = [
  ['runs', ['run', 'deleted']],
  ['quarantine', ['set-aside']],
  ['files', ['file']],
  ['changes', ['change']],
] as const satisfies [string, readonly BackupRecord['kind'][]][];
const HEAD = `{"version":${BACKUP_VERSION},\n`;
const SEAL_START = '\n"sha256":"';
const SEAL = /^([0-9a-f]{64})"\}\n$/;
const SEAL_BYTES = 64 + 3;
/** A manifest is a line of its own, and short. */
const MOST_MANIFEST_BYTES = 1 << 16;
const NEWLINE = 0x0a;
const COMMA = 0x2c;
/** So many characters are written at once. */
const PIECE_CHARACTERS = 1_000_000;

/** One JSON document with a record on each line, readable by anyone and in any language. */
export const jsonFormat: BackupFormat = {
  extension: '.json',
  isBegunBy: (bytes) => bytes.toString('latin1').startsWith('{"version":'),
  async *encode({ records, manifest }) {
    let text = HEAD;
    for await (const piece of sectionsOf(records)) {
      text += piece;
      if (text.length < PIECE_CHARACTERS) continue;
      yield Buffer.from(text);
      text = '';
    }
    yield Buffer.from(text);
    yield Buffer.from(`"manifest":${JSON.stringify(manifest())},${SEAL_START}`);
  },
  seal: (_, sha256) => Buffer.from(`${sha256}"}\n`),
  readEnd,
  records: recordsOfDocument,
};

/** The members that hold records. */
async function* sectionsOf(content: BackupContent['records']): AsyncGenerator<string, void, void> {
  const records = content[Symbol.asyncIterator]();
  let next = await records.next();
  for (const [name, kinds] of SECTIONS) {
    let before = `"${name}":[\n`;
    while (!next.done && (kinds as readonly string[]).includes(next.value.kind)) {
      yield before + lineOf(next.value);
      before = ',\n';
      next = await records.next();
    }
    yield before === ',\n' ? '\n],\n' : `"${name}":[],\n`;
  }
}

async function readEnd(file: FileHandle, size: number): Promise<BackupEnd | null> {
  const sealedBytes = size - SEAL_BYTES;
  if (sealedBytes < HEAD.length) return null;
  const head = /^\{"version":(\d+),\n/.exec((await bytesAt(file, 0, 24)).toString('latin1'));
  const seal = SEAL.exec((await bytesAt(file, sealedBytes, SEAL_BYTES)).toString('latin1'));
  const from = Math.max(0, sealedBytes - MOST_MANIFEST_BYTES);
  const tail = await bytesAt(file, from, sealedBytes - from);
  const end = tail.length - SEAL_START.length;
  const isSealed = tail.subarray(Math.max(0, end)).toString('latin1') === SEAL_START;
  if (head === null || seal === null || !isSealed) return null;
  const start = tail.lastIndexOf(NEWLINE, end - 1) + 1;
  const manifest = /^"manifest":(.*),$/.exec(tail.subarray(start, end).toString())?.[1];
  if (manifest === undefined) return null;
  const sha256 = seal[1] ?? '';
  return { version: Number(head[1]), manifest, sha256, sealedBytes, recordsEnd: from + start };
}

async function* recordsOfDocument(
  { file, end }: BackupBytes,
  { kinds }: Pick<WantedRecords, 'kinds'>,
): AsyncGenerator<BackupRecord | BrokenRecord, void, void> {
  let number = 0;
  for await (const line of linesBetween(new ByteWindow(file, 0, end))) {
    number += 1;
    if (isStructure(line.toString('latin1', 0, LONGEST_STRUCTURE))) continue;
    const json = line.at(-1) === COMMA ? line.subarray(0, -1) : line;
    const record = recordOfLine(json, `line ${number}`, kinds);
    if (record !== null) yield record;
  }
}

/** More of a line need not be looked at. */
const LONGEST_STRUCTURE = 20;

function isStructure(line: string): boolean {
  return (
    line === '],' || /^\{"version":\d+,$|^"\w+":\[(?:\],)?$|^"manifest":|^"sha256":/.test(line)
  );
}

async function* linesBetween(window: ByteWindow): AsyncGenerator<Buffer, void, void> {
  for (let looked = 0, wanted = 1; ; ) {
    const bytes = await window.peek(wanted);
    const end = bytes.indexOf(NEWLINE, looked);
    if (end === -1 && bytes.length >= wanted) {
      looked = bytes.length;
      wanted = 2 * bytes.length;
      continue;
    }
    const line = bytes.subarray(0, end === -1 ? bytes.length : end);
    if (line.length > 0) yield line;
    if (end === -1) return;
    window.pass(end + 1);
    looked = 0;
    wanted = 1;
  }
}
