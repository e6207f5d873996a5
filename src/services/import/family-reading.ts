import { digestOf } from '../../domain/canonical.ts';
import type { AgentRun } from '../../domain/run.ts';
import type { Importer, Transcript } from '../../repository/importer.ts';
import type { QuarantineItem, RunStore } from '../../repository/run-store.ts';
import { CapturedFile } from './captured-file.ts';
import type { Families } from './families.ts';
import { keptFile } from './kept-file.ts';
import type { KnownFile, KnownFiles } from './known-files.ts';

/** What reading hands on, piece by piece. */
export interface Taking {
  run(run: AgentRun, digest: string): Promise<void>;
  setAside(item: QuarantineItem): Promise<void>;
  /** So many bytes more were read. */
  read(bytes: number): void;
}

/** What families are read with. */
export interface FamilyReader {
  importer: Importer;
  store: RunStore;
  known: KnownFiles;
  families: Families;
  /** The file at a path as it is on disk; null where there is none. */
  look: (path: string) => Promise<Transcript | null>;
  keepsSource: boolean;
  now: number;
  signal: AbortSignal | undefined;
}

/** The files of a family, to be read together. */
export interface OpenFamily {
  paths: readonly string[];
  /** Those that lie on disk, by path. */
  onDisk: ReadonlyMap<string, CapturedFile>;
  /** Those, and what is kept of files that are gone or were others. */
  all: readonly Transcript[];
  /** Files that were imported, and can be read neither on disk nor in the store any more. */
  lost: readonly KnownFile[];
}

/**
 * The files that hang together with this one. `former`: paths where another file lies now than the one that
 * is known: that one is read as well.
 */
export async function openFamily(
  { store, known, families, look, keepsSource }: FamilyReader,
  path: string,
  former: ReadonlySet<string>,
): Promise<OpenFamily> {
  const paths = [...families.membersOf(path)];
  const onDisk = new Map<string, CapturedFile>();
  const all: Transcript[] = [];
  const lost: KnownFile[] = [];
  for (const member of paths) {
    const newest = known.newest(member);
    const file = await look(member);
    if (file !== null) {
      const isAsKnown = newest?.state.isKept && !former.has(member);
      const keeping = isAsKnown ? 'new' : keepsSource ? 'all' : 'none';
      const captured = new CapturedFile(file, newest?.state.pieces ?? [], keeping);
      onDisk.set(member, captured);
      all.push(captured);
    }
    const isFormer = file === null || former.has(member);
    const before = known.all(member).filter((each) => isFormer || each !== newest);
    const kept = before.filter(({ state }) => state.isKept);
    all.push(...kept.map((each) => keptFile(store, each, each.state)));
    lost.push(...before.filter(({ state }) => !state.isKept));
  }
  return { paths, onDisk, all, lost };
}

/** What came of reading a family. */
export interface FamilyReading {
  /** The links of each file, packed. */
  links: ReadonlyMap<string, Uint8Array>;
  /** They turned out to hang together with more files: what was handed on counts for nothing. */
  hasGrown: boolean;
}

/** Reads them to the end, so that all their links are known. Once they have grown, nothing is handed on. */
export async function readFamily(
  { importer, families, now, signal }: FamilyReader,
  { paths, all }: OpenFamily,
  taking: Taking,
): Promise<FamilyReading> {
  const links = new Map<string, Buffer[]>(paths.map((path) => [path, []]));
  const hasGrown = () => families.membersOf(paths[0] ?? '').length > paths.length;
  const context = {
    now,
    link({ path }: Transcript, name: string) {
      links.get(path)?.push(families.link(path, name));
    },
  };
  const counted = all.map((file) => counting(file, taking));
  for await (const item of importer.read(counted, context)) {
    signal?.throwIfAborted();
    if (hasGrown()) continue;
    if (item.kind === 'set-aside') await taking.setAside(item.item);
    else await taking.run(item.run, digestOf(item.run));
  }
  const packed = Array.from(links, ([path, parts]) => [path, Buffer.concat(parts)] as const);
  return { links: new Map(packed), hasGrown: hasGrown() };
}

/** Tells of each piece that is read. */
function counting(file: Transcript, taking: Taking): Transcript {
  return {
    path: file.path,
    size: file.size,
    modifiedAt: file.modifiedAt,
    async *bytes() {
      for await (const chunk of file.bytes()) {
        taking.read(chunk.length);
        yield chunk;
      }
    },
  };
}
