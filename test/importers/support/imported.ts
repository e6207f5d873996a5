import { mkdirSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { AgentRun } from '../../../src/domain/run.ts';
import { transcriptOf } from '../../../src/importers/reading/find-transcripts.ts';
import type { Importer, Transcript } from '../../../src/repository/importer.ts';
import type { QuarantineItem } from '../../../src/repository/run-store.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

/** When the files of these tests were written last, and a moment long after. */
export const WRITTEN = Date.parse('2026-05-04T12:00:00.000Z');
const LATER = WRITTEN + 60 * 60_000;

/** Writes files under a new folder, by their paths in it. */
export function writtenFiles(files: Readonly<Record<string, string>>): Transcript[] {
  const folder = temporaryFolder();
  return Object.entries(files).map(([name, text]) => {
    const path = join(folder, name);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, text);
    utimesSync(path, WRITTEN / 1_000, WRITTEN / 1_000);
    return transcriptOf(path, { size: statSync(path).size, modifiedAt: WRITTEN });
  });
}

/** What an importer made of files. */
export interface Imported {
  /** By their start. */
  runs: AgentRun[];
  setAside: QuarantineItem[];
  /** The names by which files are linked, by the end of their paths. */
  links: Map<string, string[]>;
}

/** What an importer makes of files. `now`: milliseconds since 1970. */
export async function importedBy(
  importer: Importer,
  files: readonly Transcript[],
  now = LATER,
): Promise<Imported> {
  const found: Imported = { runs: [], setAside: [], links: new Map() };
  const link = ({ path }: Transcript, name: string) => {
    const file = path.split('/').at(-1) ?? '';
    found.links.set(file, [...(found.links.get(file) ?? []), name]);
  };
  for await (const item of importer.read(files, { now, link })) {
    if (item.kind === 'run') found.runs.push(item.run);
    else if (item.kind === 'set-aside') found.setAside.push(item.item);
  }
  found.runs.sort((a, b) => (a.startedAt + a.id < b.startedAt + b.id ? -1 : 1));
  return found;
}

/** Where what was set aside stands, by the name of its file. */
export function placesOf(setAside: readonly QuarantineItem[]): Record<string, string[]> {
  const places: Record<string, string[]> = {};
  for (const { origin, name } of setAside) {
    const file = origin?.split('/').at(-1) ?? '';
    places[file] = [...(places[file] ?? []), name];
  }
  return places;
}
