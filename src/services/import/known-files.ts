import { filesOf } from '../../repository/file-items.ts';
import type { ImportedFile } from '../../repository/imported-file.ts';
import type { RunStore } from '../../repository/run-store.ts';
import { type FileState, stateOfJson } from './file-state.ts';

/** A file that was imported before. Its links are not held: there may be millions. */
export interface KnownFile extends Omit<ImportedFile, 'state' | 'links'> {
  state: FileState;
}

/** The files of one agent that a store knows, by path; of each path the newest, and those before it. */
export class KnownFiles {
  readonly #byPath = new Map<string, KnownFile[]>();

  /** `onLinks` is told of the links of each. */
  static async of(
    store: RunStore,
    agent: string,
    onLinks: (path: string, links: Uint8Array) => void,
  ): Promise<KnownFiles> {
    const known = new KnownFiles();
    for await (const file of filesOf(store, { agent })) {
      onLinks(file.path, file.links);
      known.note(file);
    }
    return known;
  }

  /** It was read, now or before. */
  note({ state, links: _, ...file }: ImportedFile): void {
    const known = { ...file, state: stateOfJson(state) };
    const others = this.all(file.path).filter(({ generation }) => generation !== file.generation);
    const all = [...others, known].sort((a, b) => a.generation - b.generation);
    this.#byPath.set(file.path, all);
  }

  paths(): Iterable<string> {
    return this.#byPath.keys();
  }

  /** The file that lies there, as it was read last. */
  newest(path: string): KnownFile | undefined {
    return this.#byPath.get(path)?.at(-1);
  }

  /** Every file that ever lay there, oldest first. */
  all(path: string): readonly KnownFile[] {
    return this.#byPath.get(path) ?? [];
  }
}
