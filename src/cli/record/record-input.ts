import { randomBytes } from 'node:crypto';
import { uuidV7 } from '../../domain/run-id.ts';
import type { RunRepository, RunToSave } from '../../repository/run-repository.ts';
import { EXIT } from '../exit-codes.ts';
import { interruptSignal } from '../interrupts.ts';
import { countOf } from '../output/figures.ts';
import { writeJson } from '../output/json-document.ts';
import { printable } from '../output/printable.ts';
import { startProgress } from '../output/progress.ts';
import { writeOut } from '../output/stdout.ts';
import { withRepository } from '../store-access.ts';
import { readRuns } from './read-runs.ts';
import type { RecordOptions } from './record-options.ts';

/** A run of the input that was not stored, and why: as `--json` shows it. */
interface Rejected {
  /** Its place in the input, from 1. */
  ordinal: number;
  id: string | null;
  code: string;
  message: string;
}

/** What became of the input; the document that `--json` prints, but for its version. */
interface Recorded {
  /** The id of the run where the input held one alone and it was stored, else null. */
  id: string | null;
  inserted: number;
  updated: number;
  unchanged: number;
  rejected: Rejected[];
}

/** Stores the runs that standard input holds as JSON. */
export async function recordInput(
  input: AsyncIterable<Uint8Array>,
  options: RecordOptions,
): Promise<void> {
  const recorded = await withRepository(options, 'create', (repository) =>
    saveAll(repository, input),
  );
  const { id, inserted, updated, unchanged, rejected } = recorded;
  const stored = inserted + updated + unchanged;
  if (rejected.length > 0) process.exitCode = stored > 0 ? EXIT.setAside : EXIT.failed;
  if (options.json) return writeJson(recorded);
  const lines = [
    ...(id !== null ? [id] : []),
    `Stored ${countOf(inserted, 'new run')}, changed ${updated}, found ${unchanged} unchanged.`,
    ...rejected.map(({ message }) => `Not stored: ${message}`),
  ];
  await writeOut(`${printable(lines.join('\n'))}\n`);
}

async function saveAll(
  repository: RunRepository,
  input: AsyncIterable<Uint8Array>,
): Promise<Recorded> {
  const broken: Rejected[] = [];
  const signal = interruptSignal('what was stored stays');
  const progress = startProgress();
  let read = 0;
  let firstId: string | null = null;
  // The store wraps what the input fails with, as it does for any caller's iterable; here it is ours.
  let inputFailure: unknown;
  async function* runs(): AsyncGenerator<RunToSave> {
    try {
      for await (const value of readRuns(input)) {
        signal.throwIfAborted();
        read += 1;
        progress.update('Recording', read, null);
        if (value.ok) {
          const run = await asNew(repository, { ...value.run, id: value.run.id ?? newId() });
          if (read === 1) firstId = String(run.id).toLowerCase();
          // saveMany checks every field of it, whatever type it claims to have here.
          yield run as unknown as RunToSave;
        } else {
          const message = `Run ${read} of the input ${value.problem}.`;
          broken.push({ ordinal: read, id: null, code: 'INVALID', message });
        }
      }
    } catch (error) {
      inputFailure = error;
      throw error;
    }
  }
  try {
    const { rejected, ...counts } = await repository.saveMany(runs());
    const refused = rejected.map(({ index, id, code, message }) => {
      const ordinal = ordinalOf(index, broken);
      return { ordinal, id, code, message: `Run ${ordinal} of the input: ${message}` };
    });
    const all = [...broken, ...refused].sort((a, b) => a.ordinal - b.ordinal);
    return { id: read === 1 && all.length === 0 ? firstId : null, ...counts, rejected: all };
  } catch (error) {
    throw inputFailure ?? error;
  } finally {
    progress.end();
  }
}

/**
 * An exported run has the version that it had in its store. Where that run is there it guards against
 * changes in between; a store that does not have the run counts from 1.
 */
async function asNew<T extends Record<string, unknown>>(
  repository: RunRepository,
  run: T,
): Promise<T | Omit<T, 'version'>> {
  const { version, ...others } = run;
  if (version === undefined || typeof run.id !== 'string') return run;
  return (await repository.findById(run.id)) === null ? others : run;
}

/** A report counts runs and does not name them: an id that is made here can be told. */
function newId(): string {
  return uuidV7(Date.now(), randomBytes(10));
}

/** Counts the broken values in again: the store was not given them. */
function ordinalOf(index: number, broken: readonly Rejected[]): number {
  let ordinal = index + 1;
  for (const other of broken) if (other.ordinal <= ordinal) ordinal += 1;
  return ordinal;
}
