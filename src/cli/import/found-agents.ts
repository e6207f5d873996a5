import { homedir } from 'node:os';
import { discover } from '../../importers/discover.ts';
import { IMPORTERS } from '../../importers/registry.ts';
import type { Importer, Transcript } from '../../repository/importer.ts';
import { formatAgo, formatBytes, formatCount } from '../output/figures.ts';
import { type Column, formatTable } from '../output/table.ts';

/** An agent with the files of it that are to be read. */
export interface FoundAgent {
  importer: Importer;
  files: Transcript[];
}

/** What the agents on this machine left, in the order of the registry; those alone that left something. */
export async function findAgents(): Promise<FoundAgent[]> {
  const environment = { home: homedir(), variables: process.env };
  const found: FoundAgent[] = [];
  for (const importer of IMPORTERS) {
    const files = await discover(importer, environment);
    if (files.length > 0) found.push({ importer, files });
  }
  return found;
}

/** The files that changed since a time (ISO 8601); all of them where none is given. */
export function changedSince(
  agents: readonly FoundAgent[],
  since: string | undefined,
): FoundAgent[] {
  if (since === undefined) return [...agents];
  const earliest = Date.parse(since);
  return agents
    .map(({ importer, files }) => ({
      importer,
      files: files.filter(({ modifiedAt }) => modifiedAt >= earliest),
    }))
    .filter(({ files }) => files.length > 0);
}

const COLUMNS: readonly Column[] = [
  { title: 'AGENT' },
  { title: 'FILES', align: 'right' },
  { title: 'SIZE', align: 'right' },
  { title: 'OLDEST' },
  { title: 'NEWEST' },
];

/** What would be read, as a table. */
export function formatFound(agents: readonly FoundAgent[], now: number, width: number): string {
  const rows = agents.map(({ importer, files }) => {
    const times = files.map(({ modifiedAt }) => modifiedAt);
    const ago = (time: number) => formatAgo(new Date(time).toISOString(), now);
    return [
      importer.title,
      formatCount(files.length),
      formatBytes(files.reduce((sum, { size }) => sum + size, 0)),
      ago(times.reduce((least, time) => Math.min(least, time))),
      ago(times.reduce((most, time) => Math.max(most, time))),
    ];
  });
  return formatTable(COLUMNS, rows, width);
}
