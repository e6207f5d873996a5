import { parseArgs } from 'node:util';
import { backup } from './backup.ts';
import type { Finding } from './benchmark.ts';
import { bulkSave } from './bulk-save.ts';
import { folder } from './folder.ts';
import { growth } from './growth.ts';
import { migration } from './migration.ts';
import { postgresBulk } from './postgres/bulk-load.ts';
import { postgresEnglish } from './postgres/english-index.ts';
import { postgresFind } from './postgres/find.ts';
import { postgresGrowth } from './postgres/growth.ts';
import { postgresSave } from './postgres/single-save.ts';
import { queryLayer } from './query-layer.ts';
import { machineFacts, markdownTables } from './report.ts';
import { singleSave } from './single-save.ts';

const BENCHMARKS = [
  bulkSave,
  singleSave,
  growth,
  folder,
  migration,
  backup,
  queryLayer,
  postgresBulk,
  postgresSave,
  postgresFind,
  postgresEnglish,
  postgresGrowth,
];

const HELP = `Measures Runledger against the least that the same work can cost, in one process, turn by turn.

npm run bench -- [options]
  --only <name>  one benchmark (may be given several times):
${BENCHMARKS.map(({ name, about }) => `                   ${name.padEnd(16)} ${about}`).join('\n')}
  --quick        few runs and rounds: to see that it works, not to measure
  --help         this text
`;

const { values } = parseArgs({
  options: {
    only: { type: 'string', multiple: true, default: BENCHMARKS.map(({ name }) => name) },
    quick: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
});
const unknown = values.only.filter((wanted) => !BENCHMARKS.some(({ name }) => name === wanted));
if (values.help) {
  process.stdout.write(HELP);
} else if (unknown.length > 0) {
  process.stderr.write(`No such benchmark: ${unknown.join(', ')}\n\n${HELP}`);
  process.exitCode = 2;
} else {
  await runBenchmarks(values.only, values.quick);
}

async function runBenchmarks(names: readonly string[], isQuick: boolean): Promise<void> {
  const findings: Finding[] = [];
  for (const benchmark of BENCHMARKS.filter(({ name }) => names.includes(name))) {
    const progress = (text: string) => process.stderr.write(`${benchmark.name}: ${text}\n`);
    findings.push(...(await benchmark.run({ isQuick, progress })));
  }
  process.stdout.write(`${machineFacts()}\n\n${markdownTables(findings)}\n`);
}
