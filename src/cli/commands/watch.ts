import { homedir } from 'node:os';
import type { Command } from 'commander';
import { transcriptAt } from '../../importers/reading/find-transcripts.ts';
import { IMPORTERS } from '../../importers/registry.ts';
import type { Importer } from '../../repository/importer.ts';
import { type ImportReport, sumReports } from '../../services/import/import-report.ts';
import { watchHistory } from '../../services/import/watch-history.ts';
import { addExamples } from '../help-examples.ts';
import { agentArgument, importerNamed } from '../import/agent-argument.ts';
import { exitCodeOfSignal, takePresses } from '../interrupts.ts';
import { addJsonOption, type JsonOption } from '../json-option.ts';
import { nameOfStore } from '../name-of-store.ts';
import { countOf, formatCount } from '../output/figures.ts';
import { writeJson } from '../output/json-document.ts';
import { type Progress, withProgress } from '../output/progress.ts';
import { describeFailure } from '../output/report-failure.ts';
import { addConfigOption, loadStore, openStore, using } from '../store-access.ts';

interface Options extends JsonOption {
  to?: string;
  config?: string;
}

/** `runledger watch` */
export function defineWatch(command: Command): void {
  command
    .description(
      `Take in what agents write, as they write it, until Ctrl-C. What is there already
is taken in first. A change is in the store within two seconds. Several may
watch for one store.`,
    )
    .addArgument(agentArgument('[agents...]', 'these agents alone'))
    .option('--to <store>', 'the store; made if it is not there (default: as configured)');
  addConfigOption(command);
  addJsonOption(command);
  addExamples(command, [
    ['watch', 'all agents, into the configured store'],
    ['watch claude-code --to postgres', 'one of them, into a server'],
  ]).action((agents: string[], options: Options) => watch(agents, options));
}

async function watch(agents: readonly string[], { to, config, json }: Options): Promise<void> {
  const importers = agents.length > 0 ? agents.map(importerNamed) : IMPORTERS;
  const { database } = await loadStore({ ...(to && { store: to }), ...(config && { config }) });
  const name = nameOfStore(database);
  const reports: ImportReport[] = [];
  await using(await openStore(database, 'fill'), (store) =>
    withProgress(async (progress) => {
      progress.note(`Watching for ${name}: Ctrl-C ends it.`);
      await watchHistory(importers, store, {
        environment: { home: homedir(), variables: process.env },
        look: transcriptAt,
        stop: stopSignal(),
        onReport(importer, report) {
          reports.push(report);
          tell(importer, report, progress);
        },
        onProblem(importer, error) {
          progress.note(`${importer.title}: ${describeFailure(error).message}; tried again.`);
        },
      });
    }),
  );
  if (json) await writeJson({ to: name, ...sumReports(reports) });
}

/** Ctrl-C is how people end it; a second one does not wait for what is under way. */
function stopSignal(): AbortSignal {
  const stop = new AbortController();
  takePresses((signal, times) => {
    if (times === 1) stop.abort();
    else process.exit(exitCodeOfSignal(signal));
  });
  return stop.signal;
}

function tell({ title }: Importer, report: ImportReport, progress: Progress): void {
  const { files, written, setAside, differences } = report;
  if (files === 0) return;
  const parts = [
    written === 0 ? 'nothing new' : `${countOf(written, 'run')} written`,
    setAside.length > 0 && `${countOf(setAside.length, 'item')} put aside`,
    differences.length > 0 && `${formatCount(differences.length)} changed here by others, and left`,
  ];
  const time = new Date().toTimeString().slice(0, 8);
  progress.note(`${time} ${title}: ${parts.filter((part) => part !== false).join(', ')}`);
}
