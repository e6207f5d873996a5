import type { Transcript } from '../../repository/importer.ts';
import { epochIn, type Fields, objectIn } from '../reading/fields.ts';

/** A file of a storage that holds an object. */
export interface Stored {
  file: Transcript;
  fields: Fields;
}

/** A message with its parts, in their order. */
export interface StoredMessage extends Stored {
  id: string;
  parts: Stored[];
}

/** A session as its own file tells of it, and the files of its messages. */
export interface StoredSession {
  id: string;
  /** Empty where the session's own file is not there. */
  info: Fields;
  messages: Transcript[];
}

/** When a session or a message was made: its place among the others. ISO 8601. */
export function createdOf(fields: Fields): string | undefined {
  return epochIn(objectIn(fields, 'time'), 'created');
}
