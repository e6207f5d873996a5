import type { AgentRun } from '../../../src/domain/run.ts';
import { langfuse } from '../../../src/importers/langfuse/langfuse.ts';
import { type Imported, importedBy, writtenFiles } from '../support/imported.ts';

export type Fields = Record<string, unknown>;

/** `10:00:00` and so many seconds, on the day of these tests. */
export function at(seconds: number): string {
  return new Date(Date.parse('2026-05-04T10:00:00.000Z') + seconds * 1_000).toISOString();
}

export function trace(fields: Fields = {}): Fields {
  return { id: 'trace-a', name: 'shop', timestamp: at(0), projectId: 'p1', ...fields };
}

/** An observation that begins at its number and takes a second, within `o1` where it is another. */
export function observation(number: number, type: string, fields: Fields = {}): Fields {
  return {
    ...{ id: `o${number}`, traceId: 'trace-a', type, name: `${type.toLowerCase()} ${number}` },
    ...{ parentObservationId: number > 1 ? 'o1' : null, level: 'DEFAULT' },
    ...{ startTime: at(number), endTime: at(number + 1), ...fields },
  };
}

/** A call of a model, with tokens where they are given, and a cent for each of its output. */
export function generation(number: number, usage: Fields, fields: Fields = {}): Fields {
  const totalCost = Number(usage.output ?? 0) / 100;
  const said = { model: 'gpt-5', usageDetails: usage, totalCost, ...fields };
  return observation(number, 'GENERATION', said);
}

/** A trace as its page exports it. */
export function page(observations: readonly Fields[], fields: Fields = {}): string {
  return JSON.stringify({ trace: trace(fields), observations }, null, 1);
}

/** What the importer makes of texts, by file names. */
export async function imported(files: Record<string, string>, now?: number): Promise<Imported> {
  return await importedBy(langfuse, writtenFiles(files), now);
}

/** The run of one trace; nothing is set aside. */
export async function runOf(
  observations: readonly Fields[],
  fields: Fields = {},
  now?: number,
): Promise<AgentRun | undefined> {
  const { runs, setAside } = await imported({ 'a.json': page(observations, fields) }, now);
  if (setAside.length > 0 || runs.length !== 1) throw new TypeError(JSON.stringify(setAside));
  return runs[0];
}
