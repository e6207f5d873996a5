import { stripVTControlCharacters } from 'node:util';
import type { AgentRun, StoredRun } from '../../domain/run.ts';
import type { RunRepository } from '../../repository/run-repository.ts';
import { exitCodeOfSignal } from '../interrupts.ts';
import { formatBytes, formatDuration } from '../output/figures.ts';
import { writeJson } from '../output/json-document.ts';
import { shellQuote } from '../shell-quote.ts';
import { withRepository } from '../store-access.ts';
import { updateRun } from '../update-run.ts';
import { placeOfWork } from './place-of-work.ts';
import type { RecordOptions } from './record-options.ts';
import { type CommandOutcome, runCommand } from './run-command.ts';

/** What a summary of an output needs; the whole of it is in `rawResponse`. */
const MESSAGE_CHARACTERS = 4_000;
/** What shells answer for a command that is not there, and for one that may not be run. */
const NOT_FOUND = 127;
const NOT_RUNNABLE = 126;

/** Runs a command and keeps the run; ends with the exit code of the command. */
export async function recordCommand(
  command: string,
  args: readonly string[],
  options: RecordOptions,
): Promise<void> {
  await withRepository(options, 'create', (repository) => keep(repository, command, args, options));
}

async function keep(
  repository: RunRepository,
  command: string,
  args: readonly string[],
  options: RecordOptions,
): Promise<void> {
  const { repository: name, agent, model, session, prompt, tag, capture, json } = options;
  const place = placeOfWork();
  const { id } = await repository.save({
    ...place,
    repository: name ?? place.repository,
    status: 'RUNNING',
    input: { prompt: prompt ?? [command, ...args].map(shellQuote).join(' '), model: model ?? null },
    metadata: { command: [command, ...args] },
    ...(agent !== undefined && { agent }),
    ...(session !== undefined && { sessionId: session }),
    ...(tag && { tags: tag }),
  });
  const begun = performance.now();
  // With --json, standard output is for the document alone.
  const stdout = json ? process.stderr : process.stdout;
  const outcome = await runCommand(command, args, { capture, stdout });
  const duration = Math.round(performance.now() - begun);
  process.exitCode = exitCodeOf(outcome);
  const run = await updateRun(repository, id, (stored) =>
    ended(stored, outcome, duration, command),
  );
  await tell(run, outcome, json === true);
}

function ended(
  run: StoredRun,
  outcome: CommandOutcome,
  duration: number,
  command: string,
): StoredRun {
  const { stdout, stderr } = outcome;
  const rawResponse = stdout.text();
  const status = statusOf(outcome);
  const cut = stdout.isCut && { outputBytes: stdout.total };
  return {
    ...run,
    status,
    duration,
    completedAt: new Date().toISOString(),
    ...(outcome.startError === null && {
      output: { message: endOf(rawResponse), confidence: null, rawResponse, tokensUsed: null },
    }),
    ...(status === 'FAILED' && { error: errorOf(outcome, command, stderr.text()) }),
    metadata: { ...run.metadata, ...cut },
  };
}

/** A command that takes Ctrl-C in its stride and ends well has succeeded. */
function statusOf({ exitCode, interruptedBy }: CommandOutcome): AgentRun['status'] {
  if (exitCode === 0) return 'SUCCESS';
  return interruptedBy === null ? 'FAILED' : 'CANCELLED';
}

function errorOf(
  { exitCode, signal, startError }: CommandOutcome,
  command: string,
  stderr: string,
): NonNullable<AgentRun['error']> {
  const last = endOf(stderr).split('\n').at(-1)?.trim();
  const detail = last ? `: ${last}` : '.';
  const stackTrace = stderr === '' ? {} : { stackTrace: stderr };
  if (startError !== null) {
    const reason = startError.code === 'ENOENT' ? 'there is no such command' : startError.message;
    const message = `${command} could not be started: ${reason}.`;
    return { code: 'NOT_STARTED', message, recoverable: true };
  }
  const [code, how] =
    signal === null
      ? [`EXIT_${exitCode}`, `ended with exit code ${exitCode}`]
      : [`SIGNAL_${signal}`, `was ended by ${signal}`];
  return { code, message: `${command} ${how}${detail}`, ...stackTrace, recoverable: true };
}

function exitCodeOf(outcome: CommandOutcome): number {
  const { exitCode, signal, startError, interruptedBy } = outcome;
  if (startError !== null) return startError.code === 'ENOENT' ? NOT_FOUND : NOT_RUNNABLE;
  if (exitCode === 0) return 0;
  if (interruptedBy !== null) return exitCodeOfSignal(interruptedBy);
  return exitCode ?? (signal === null ? 1 : exitCodeOfSignal(signal));
}

async function tell(run: StoredRun, { stdout }: CommandOutcome, json: boolean): Promise<void> {
  const { id, status, duration = 0, error } = run;
  if (json) {
    await writeJson({
      id,
      status,
      exitCode: process.exitCode,
      duration,
      errorCode: error?.code ?? null,
    });
    return;
  }
  const code = error === undefined ? '' : `, ${error.code}`;
  const cut = stdout.isCut
    ? `; of its ${formatBytes(stdout.total)} of output the end was kept`
    : '';
  const line = `recorded as ${id}: ${status}${code}, ${formatDuration(duration)}${cut}`;
  process.stderr.write(`runledger: ${line}\n`);
}

/** The end of an output, without colours, from the beginning of a line where it is cut. */
function endOf(output: string): string {
  const text = stripVTControlCharacters(output).trim();
  if (text.length <= MESSAGE_CHARACTERS) return text;
  const end = text.slice(-MESSAGE_CHARACTERS);
  const lineEnd = end.indexOf('\n');
  return (lineEnd < 0 ? end : end.slice(lineEnd + 1)).toWellFormed();
}
