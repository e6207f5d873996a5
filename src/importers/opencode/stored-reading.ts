import { isPlainObject } from '../../domain/json.ts';
import type { ImportedItem, Transcript } from '../../repository/importer.ts';
import { readJsonDocument } from '../reading/json-document.ts';
import { NO_NUMBER, WHOLE_FILE } from '../reading/json-records.ts';
import { setAside, setAsideValue } from '../reading/source-items.ts';
import { unreadFile } from '../reading/unread-file.ts';
import type { Stored } from './stored.ts';

/** Reads files that hold one object each, and remembers what it could not take. */
export class StoredReading {
  readonly told: ImportedItem[] = [];

  /** Undefined where the file holds no object; it is told of then. */
  async read(file: Transcript): Promise<Stored | undefined> {
    try {
      const document = await readJsonDocument(file);
      if (document.kind === 'unread') this.#tell(setAside(file, WHOLE_FILE, document.reason));
      else {
        if (document.hadNoNumbers) this.#tell(setAside(file, WHOLE_FILE, NO_NUMBER));
        if (isPlainObject(document.value)) return { file, fields: document.value };
        this.leave(file, 'The file is JSON, but no object.', document.value);
      }
    } catch (error) {
      this.#tell(unreadFile(file, error));
    }
    return undefined;
  }

  /** Nothing is made of this file. */
  leave(file: Transcript, reason: string, value: unknown): void {
    this.#tell(setAsideValue(file, WHOLE_FILE, reason, value));
  }

  #tell(item: ImportedItem): void {
    this.told.push(item);
  }
}
