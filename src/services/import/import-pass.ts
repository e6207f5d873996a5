import type { ImportedFile } from '../../repository/imported-file.ts';
import { type Importer, QUIET_MS, type Transcript } from '../../repository/importer.ts';
import type { RunStore } from '../../repository/run-store.ts';
import { packDigests, unpackDigests } from '../copy/packed-digests.ts';
import type { Captured, CapturedFile } from './captured-file.ts';
import type { Families } from './families.ts';
import { type FamilyReader, type OpenFamily, openFamily, readFamily } from './family-reading.ts';
import { FamilyTake } from './family-take.ts';
import { type FileState, jsonOfState, plainSize } from './file-state.ts';
import type { ImportMemory } from './import-memory.ts';
import type { ImportOptions } from './import-options.ts';
import type { ImportReport } from './import-report.ts';
import { ImportTally } from './import-tally.ts';
import type { KnownFile, KnownFiles } from './known-files.ts';
import { RunWriter } from './run-writer.ts';

/** A family of files that was read to its end. */
interface ReadFamily {
  family: OpenFamily;
  take: FamilyTake;
  links: ReadonlyMap<string, Uint8Array>;
  /** Paths where another file lies now than the one that was known. */
  former: ReadonlySet<string>;
}

/** An import under way. See `importFiles`. */
export class ImportPass {
  readonly #importer: Importer;
  readonly #store: RunStore;
  readonly #options: ImportOptions;
  readonly #known: KnownFiles;
  readonly #families: Families;
  readonly #now: number;
  readonly #tally = new ImportTally();
  readonly #writer: RunWriter;
  readonly #handedOn = new Map<string, ReadonlyMap<string, string>>();
  #onDisk = new Map<string, Transcript>();
  #bytesRead = 0;

  constructor(
    importer: Importer,
    store: RunStore,
    { known, families }: ImportMemory,
    options: ImportOptions,
  ) {
    this.#importer = importer;
    this.#store = store;
    this.#options = options;
    this.#known = known;
    this.#families = families;
    this.#now = options.now ?? Date.now();
    const origin = `import:${importer.name}`;
    this.#writer = new RunWriter(store, origin, this.#report, options.bringsBack ?? false);
  }

  /** Takes in what is new in these files. */
  async take(
    found: readonly Transcript[],
  ): Promise<{ report: ImportReport; expected: readonly Uint8Array[] }> {
    this.#onDisk = new Map(found.map((file) => [file.path, file]));
    // All of them first, so that those that belong together by their paths are read together.
    for (const path of this.#onDisk.keys()) this.#families.membersOf(path);
    const changed = found.filter((file) => this.#hasChanged(file));
    const wanted = new Set(changed.map(({ path }) => path));
    if (this.#options.again) for (const path of this.#known.paths()) wanted.add(path);
    this.#report.files = this.#onDisk.size;
    this.#report.bytes = changed.reduce((sum, { size }) => sum + size, 0);
    const done = new Set<string>();
    // Files that turn out to belong together are read again, once the links of all others are known.
    for (let round = wanted; round.size > 0; ) {
      const postponed = new Set<string>();
      for (const path of round) {
        if (done.has(path)) continue;
        const read = await this.#readFamily(path, done);
        if (read === null) postponed.add(path);
        else {
          await this.#finish(read);
          for (const member of read.family.paths) done.add(member);
        }
      }
      round = postponed;
    }
    this.#report.filesRead = done.size;
    await this.#writer.flush();
    await this.#listAgain(done);
    return { report: this.#tally.sum(), expected: this.#writer.expected };
  }

  get #report(): ImportReport {
    return this.#tally.report;
  }

  get #reader(): FamilyReader {
    const { look, keepsSource = true, signal } = this.#options;
    return {
      ...{ importer: this.#importer, store: this.#store, known: this.#known },
      ...{ families: this.#families, keepsSource, signal },
      look: async (path) => this.#onDisk.get(path) ?? (await look(path)),
      now: this.#now,
    };
  }

  #hasChanged({ path, size, modifiedAt }: Transcript): boolean {
    const state = this.#known.newest(path)?.state;
    if (this.#options.again || state?.size !== size || state.modifiedAt !== modifiedAt) return true;
    // A run that seemed to go on has come to its end by now, though nothing more was written.
    return state.isRunning && this.#now - modifiedAt >= QUIET_MS;
  }

  /** Reads the files that hang together with this one; null where more turned out to belong to them. */
  async #readFamily(path: string, done: ReadonlySet<string>): Promise<ReadFamily | null> {
    const former = new Set<string>();
    for (;;) {
      const family = await openFamily(this.#reader, path, former);
      // What they gave before is in the store when it is asked whether somebody deleted it there.
      if (family.paths.some((each) => done.has(each))) await this.#writer.flush();
      const handedOn = this.#handedOnBy(family.paths);
      const onRead = (bytes: number) => this.#tell(bytes);
      const take = new FamilyTake(family, this.#known, this.#writer, handedOn, onRead);
      const { links, hasGrown } = await readFamily(this.#reader, family, take);
      if (hasGrown) {
        this.#handedOn.set(path, handedOn);
        return null;
      }
      const replaced = this.#replacedIn(family, take, former);
      if (replaced.length === 0) return { family, take, links, former };
      for (const each of replaced) former.add(each);
    }
  }

  /** The runs, with their digests, that readings of these files handed on which did not count. */
  #handedOnBy(paths: readonly string[]): Map<string, string> {
    return new Map(paths.flatMap((path) => [...(this.#handedOn.get(path) ?? [])]));
  }

  /**
   * Paths at which another file lies than the one that was known. Files of lines only ever grow; others are
   * written anew each time, and are the same as long as they give the runs that they gave.
   */
  #replacedIn(family: OpenFamily, take: FamilyTake, former: ReadonlySet<string>): string[] {
    return [...family.onDisk].flatMap(([path, { captured }]) => {
      const newest = this.#known.newest(path);
      if (captured === null || newest === undefined || former.has(path)) return [];
      if (
        captured.isContinued ||
        (!GROWS.test(path) && !idsOf(newest).some((id) => take.isLost(id)))
      )
        return [];
      const isShorter = plainSize(captured) < plainSize(newest.state);
      this.#report.replaced.push({ path, reason: isShorter ? SHORTER : ANOTHER });
      return [path];
    });
  }

  /** Notes what is known of these files now, and takes out of the store what they do not give any more. */
  async #finish({ family, take, links, former }: ReadFamily): Promise<void> {
    const unread = [...family.onDisk.values()].filter(({ captured }) => captured === null);
    if (unread.length === 0) take.removeGone();
    const given = take.runsByFile();
    for (const path of family.paths) {
      const runs = given.get(path) ?? [];
      const told = take.setAsideIn.get(path) ?? new Map<string, string>();
      this.#tally.set(
        path,
        runs.map(({ facts }) => facts),
        told,
      );
      const file = family.onDisk.get(path);
      if (file === undefined || file.captured === null) continue;
      await this.#releaseReadable(path, told);
      await this.#note(file, file.captured, former.has(path), {
        links: links.get(path) ?? new Uint8Array(),
        runs: packDigests(runs.map(({ id, digest }) => [id, digest])),
        setAside: told.size,
        isRunning: runs.some(({ status }) => status === 'RUNNING'),
      });
    }
  }

  async #note(
    { path, size, modifiedAt, keeping }: CapturedFile,
    { pieces, packed, from }: Captured,
    isAnother: boolean,
    {
      links,
      runs,
      ...found
    }: Pick<ImportedFile, 'links' | 'runs'> & Pick<FileState, 'setAside' | 'isRunning'>,
  ): Promise<void> {
    const before = this.#known.newest(path)?.generation;
    const isKept = keeping !== 'none';
    const file: ImportedFile = {
      agent: this.#importer.name,
      path,
      generation: before === undefined ? 0 : before + (isAnother ? 1 : 0),
      state: jsonOfState({ size, modifiedAt, pieces, isKept, ...found }),
      links,
      runs,
    };
    this.#known.note(file);
    await this.#writer.file(isKept ? { file, pieces: { from, pieces: packed } } : { file });
  }

  /** What was set aside of a file before, and can be read now, is let go of. */
  async #releaseReadable(path: string, told: ReadonlyMap<string, string>): Promise<void> {
    if (!this.#known.all(path).some(({ state }) => state.setAside > 0)) return;
    const kept = await this.#store.quarantined(path, { withBytes: false });
    const names = kept.map(({ name }) => name).filter((name) => !told.has(name));
    if (names.length > 0) await this.#store.releaseQuarantined(path, names);
  }

  /** What could not be taken is listed by each import, also of files that have not changed. */
  async #listAgain(done: ReadonlySet<string>): Promise<void> {
    for (const path of this.#onDisk.keys()) {
      if (done.has(path) || !this.#known.newest(path)?.state.setAside) continue;
      const items = await this.#store.quarantined(path, { withBytes: false });
      this.#tally.set(path, [], new Map(items.map(({ name, reason }) => [name, reason])));
    }
  }

  #tell(bytes: number): void {
    this.#bytesRead += bytes;
    const { bytes: total } = this.#report;
    this.#options.onProgress?.({ phase: 'read', done: Math.min(this.#bytesRead, total), total });
  }
}

const GROWS = /\.(?:jsonl|ndjson)(?:\.zstd?)?$/;
const SHORTER = 'It is shorter than it was; what it held before is kept, with its runs.';
const ANOTHER = 'It is another file than it was; what it held before is kept, with its runs.';

function idsOf({ runs }: KnownFile): string[] {
  return unpackDigests(runs).map(([id]) => id);
}
