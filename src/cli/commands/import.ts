import type { Command } from 'commander';
import type { StoreConfiguration } from '../../config/store-configuration.ts';
import { openExistingStore, openRunStore } from '../../open-repository.ts';
import { sumReports } from '../../services/import/import-report.ts';
import { confirm } from '../confirm.ts';
import { exitCodeOfCopy, type VerifyOption, verifyOption } from '../copy-with-progress.ts';
import { EXIT } from '../exit-codes.ts';
import { addExamples } from '../help-examples.ts';
import { agentArgument, importerNamed } from '../import/agent-argument.ts';
import { changedSince, type FoundAgent, findAgents, formatFound } from '../import/found-agents.ts';
import { filesAt } from '../import/named-files.ts';
import { type AgentReport, takeIn } from '../import/take-in.ts';
import { addJsonOption, type JsonOption } from '../json-option.ts';
import { nameOfStore } from '../name-of-store.ts';
import { moment } from '../option-values.ts';
import { formatImport } from '../output/import-text.ts';
import { writeJson } from '../output/json-document.ts';
import { writeNote, writeOut } from '../output/stdout.ts';
import { terminalWidth } from '../output/terminal-width.ts';
import { addConfigOption, loadStore, openStore, using } from '../store-access.ts';

interface Options extends JsonOption, VerifyOption {
  to?: string;
  config?: string;
  since?: string;
  dryRun?: true;
  yes?: true;
}

/** `runledger import` */
export function defineImport(command: Command): void {
  command
    .description(
      `Take in the history that agents left on this machine: each prompt with what was
done, what came out, and the tokens counted once. The files are only read. Their
bytes are kept in the store, so that they outlive the agent's own clean-up.

Without a name, all agents are looked for, and what was found is shown first.
Importing again adds what is new and changes nothing else.`,
    )
    .addArgument(agentArgument('[agent]', 'the agent alone'))
    .argument('[files...]', 'its files, or folders of them, instead of the usual places')
    .option('--to <store>', 'the store; made if it is not there (default: as configured)')
    .option('--since <time>', 'only files that changed since: 24h, 7d, 2026-10-05', moment)
    .addOption(verifyOption('sample'))
    .option('--dry-run', 'only tell what would come of it')
    .option('--yes', 'do not ask');
  addConfigOption(command);
  addJsonOption(command);
  addExamples(command, [
    ['import', 'find all agents, show what they left, ask'],
    ['import claude-code --dry-run', 'what would come of one of them'],
    ['import codex ~/old/sessions --to sqlite:./old.db', 'files from elsewhere'],
  ]).action((agent: string | undefined, paths: string[], options: Options) =>
    importHistory(agent, paths, options),
  );
}

async function importHistory(
  agent: string | undefined,
  paths: readonly string[],
  options: Options,
): Promise<void> {
  const { to, config, since, dryRun = false, json } = options;
  const { database } = await loadStore({ ...(to && { store: to }), ...(config && { config }) });
  const agents = changedSince(await agentsToRead(agent, paths), since);
  if (agents.length === 0) return tellNothing(options, nameOfStore(database));
  if (agent === undefined && !dryRun && !(await isWanted(agents, database, options))) {
    process.exitCode = EXIT.failed;
    return;
  }
  const reports = await takeInto(database, agents, options);
  const report = sumReports(reports);
  process.exitCode = exitCodeOfCopy(report);
  const names = agents.map(({ importer }) => importer.title).join(', ');
  const name = nameOfStore(database);
  if (json) return writeJson({ to: name, ...(dryRun && { dryRun }), ...report, agents: reports });
  await writeOut(
    formatImport(report, { agents: names, to: name, isDryRun: dryRun }, terminalWidth()),
  );
}

async function agentsToRead(
  agent: string | undefined,
  paths: readonly string[],
): Promise<FoundAgent[]> {
  if (agent === undefined) return findAgents();
  const importer = importerNamed(agent);
  if (paths.length > 0) return [await filesAt(importer, paths)];
  return (await findAgents()).filter((found) => found.importer === importer);
}

async function isWanted(
  agents: readonly FoundAgent[],
  store: StoreConfiguration,
  { yes, json }: Options,
): Promise<boolean> {
  if (!json) await writeOut(`${formatFound(agents, Date.now(), terminalWidth())}\n`);
  if (yes) return true;
  const into = nameOfStore(store);
  return confirm(`Take them into ${into}?`, `They would be taken into ${into}`);
}

/** Without a store there is nothing to compare with: a dry run is then into an empty one. */
async function takeInto(
  store: StoreConfiguration,
  agents: readonly FoundAgent[],
  { dryRun, verify }: Options,
): Promise<AgentReport[]> {
  const open = dryRun
    ? ((await openExistingStore(store)) ?? (await openRunStore('memory:')))
    : await openStore(store, 'fill');
  return using(open, (runs) => takeIn(agents, runs, { verify, isDryRun: dryRun === true }));
}

async function tellNothing({ json, since }: Options, to: string): Promise<void> {
  if (json) return writeJson({ to, ...sumReports([]), agents: [] });
  const what = since === undefined ? 'There are no files of agents here' : 'No file changed since';
  await writeNote(`${what}. To name some: import <agent> <path>\n`);
}
