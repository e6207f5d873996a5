import { json } from '../../domain/field-readers.ts';
import { InvalidRun } from '../../domain/invalid-run.ts';
import { normalizeRun } from '../../domain/normalize-run.ts';
import type { ImportedItem, Transcript } from '../../repository/importer.ts';

/** A run brought to its normal form; what cannot be kept as one is set aside. `place`: `line 12`. */
export function runItem(file: Transcript, place: string, value: object): ImportedItem {
  try {
    return { kind: 'run', name: `${file.path}:${place}`, run: normalizeRun(value) };
  } catch (error) {
    if (!(error instanceof InvalidRun)) throw error;
    return setAside(file, place, `The run that begins here cannot be kept: ${error.message}.`);
  }
}

/** Something of a file that was not taken. `place` says where in it: `line 12`, or `file` for all of it. */
export function setAside(
  { path }: Transcript,
  place: string,
  reason: string,
  bytes: Uint8Array | null = null,
): ImportedItem {
  return { kind: 'set-aside', item: { origin: path, name: place, reason, bytes } };
}

/** Something of a file that was read, and that nothing was made of. Its bytes are the value as JSON. */
export function setAsideValue(
  file: Transcript,
  place: string,
  reason: string,
  value: unknown,
): ImportedItem {
  // What is nested too deeply to be written is told of without its bytes.
  const bytes = json(value).ok ? Buffer.from(JSON.stringify(value)) : null;
  return setAside(file, place, reason, bytes);
}
