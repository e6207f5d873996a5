import type { JsonObject, JsonValue } from '../../domain/json.ts';
import { overwrittenBy } from '../../domain/overwritten.ts';
import type { StoredRun } from '../../domain/run.ts';
import type { SqlRow } from './columns.ts';
import { decodeJson, encodeJson } from './json-column.ts';
import { type KeepText, packJson, type TextOf, unpackJson } from './packed-json.ts';
import { packedStepOfRow } from './step-table.ts';

/** Images of at least so many UTF-16 units are kept with the large texts: four rows to a page. */
const LARGE_IMAGE_LENGTH = 1024;

/** A change of a stored run, for its image. */
export interface ChangeOfRun {
  /** As it was, without its steps. */
  before: StoredRun;
  /** The rows of the steps that it had; null where it had no list of them. */
  stepsBefore: readonly SqlRow[] | null;
}

/** What an update overwrote, for its row in the ledger. */
export function imageOfUpdate(
  { before, stepsBefore }: ChangeOfRun,
  { steps: _, ...after }: StoredRun,
  stepsChanged: boolean,
  keep: KeepText,
): string {
  const overwritten = overwrittenBy(before, after);
  if (stepsChanged && stepsBefore === null) overwritten.added.push('steps');
  const image = packJson(overwritten as unknown as JsonValue, keep) as JsonObject;
  if (stepsChanged && stepsBefore !== null) {
    (image.old as JsonObject).steps = stepsBefore.map(packedStepOfRow);
  }
  return encodeImage(image, keep);
}

/** What a deletion overwrote, for its row in the ledger: the whole run. */
export function imageOfDelete({ before, stepsBefore }: ChangeOfRun, keep: KeepText): string {
  const image = packJson(before as unknown as JsonValue, keep) as JsonObject;
  if (stepsBefore !== null) image.steps = stepsBefore.map(packedStepOfRow);
  return encodeImage(image, keep);
}

/**
 * An image as the ledger's row holds it. `packed` refers to large texts by hash; an image
 * that is large all the same becomes such a text itself, so that the ledger's rows stay small.
 */
function encodeImage(packed: JsonObject, keep: KeepText): string {
  const json = encodeJson(packed);
  return json.length < LARGE_IMAGE_LENGTH ? json : encodeJson(packJson(json, keep));
}

/** What a change overwrote, with its large texts back in place. */
export function decodeImage(image: string, textOf: TextOf): JsonValue {
  const value = unpackJson(decodeJson(image), textOf);
  return typeof value === 'string' ? unpackJson(decodeJson(value), textOf) : value;
}
