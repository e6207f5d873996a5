import type { ImportedItem, Transcript } from '../../repository/importer.ts';
import { type Fields, objectIn, textIn } from '../reading/fields.ts';
import { byPath } from '../reading/find-transcripts.ts';
import { WHOLE_FILE } from '../reading/json-records.ts';
import { setAside } from '../reading/source-items.ts';
import { storedPlace } from './storage-files.ts';
import { createdOf, type StoredSession } from './stored.ts';
import { StoredReading } from './stored-reading.ts';

/** Which files belong to which session and message. It holds paths, and what sessions' own files say. */
export class StorageIndex {
  readonly #sessions = new Map<string, StoredSession>();
  readonly #parts = new Map<string, Transcript[]>();

  /** Sorts files in. Gives what could not be read of those that it must look into. */
  async *add(files: readonly Transcript[]): AsyncGenerator<ImportedItem, void, void> {
    const reading = new StoredReading();
    for (const file of byPath(files)) {
      const place = storedPlace(file.path);
      if (place?.kind === 'message') this.#sessionOf(place.session).messages.push(file);
      else if (place?.kind === 'session') await this.#addInfo(file, reading);
      else if (place?.message !== undefined) this.#addPart(place.message, file);
      else await this.#addLoosePart(file, reading);
      yield* reading.told.splice(0);
    }
  }

  /** Sessions after those that started them, then by the time at which they began. */
  inOrder(): StoredSession[] {
    const ranks = new Map<StoredSession, string>();
    for (const session of this.#sessions.values()) {
      const depth = String(this.#depthOf(session)).padStart(9, '0');
      ranks.set(session, `${depth} ${createdOf(session.info) ?? '~'} ${session.id}`);
    }
    return [...ranks].sort(([, a], [, b]) => (a < b ? -1 : 1)).map(([session]) => session);
  }

  /** The files of a message's parts, which belong to it from now on. */
  takeParts(message: string): Transcript[] {
    const files = this.#parts.get(message) ?? [];
    this.#parts.delete(message);
    return files;
  }

  /** Parts that no message took. */
  *orphans(): Generator<ImportedItem> {
    for (const file of [...this.#parts.values()].flat()) {
      yield setAside(file, WHOLE_FILE, 'The message that this part belongs to is not there.');
    }
  }

  /** How many sessions stand above this one; of sessions that name each other none does. */
  #depthOf(session: StoredSession): number {
    const above = new Set([session]);
    for (let each: StoredSession | undefined = session; each !== undefined; ) {
      each = this.#sessions.get(textIn(each.info, 'parentID') ?? '');
      if (each === undefined) break;
      if (above.has(each)) return 0;
      above.add(each);
    }
    return above.size - 1;
  }

  #sessionOf(id: string): StoredSession {
    const known = this.#sessions.get(id) ?? { id, info: {}, messages: [] };
    this.#sessions.set(id, known);
    return known;
  }

  /** Of copies the one counts that was changed last. */
  async #addInfo(file: Transcript, reading: StoredReading): Promise<void> {
    const info = await reading.read(file);
    if (info === undefined) return;
    const id = textIn(info.fields, 'id');
    if (id === undefined) reading.leave(file, 'The session has no id.', info.fields);
    else {
      const session = this.#sessionOf(id);
      if (changedAt(info.fields) > changedAt(session.info)) session.info = info.fields;
    }
  }

  async #addLoosePart(file: Transcript, reading: StoredReading): Promise<void> {
    const part = await reading.read(file);
    if (part !== undefined) this.#addPart(textIn(part.fields, 'messageID') ?? '', file);
  }

  #addPart(message: string, file: Transcript): void {
    const files = this.#parts.get(message);
    if (files === undefined) this.#parts.set(message, [file]);
    else files.push(file);
  }
}

/** Below all numbers for a session that nothing is known of. */
function changedAt(info: Fields): number {
  const { updated } = objectIn(info, 'time');
  if (typeof updated === 'number') return updated;
  return Object.keys(info).length > 0 ? -1 : Number.NEGATIVE_INFINITY;
}
