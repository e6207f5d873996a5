// Cuts the power under a writer at random moments and prints a `PowerLossReport`. For a mount
// namespace of its own. Arguments: an empty folder, the writer, a seed, how often.
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { endWithParent } from '../../support/end-with-parent.ts';
import { seededRandom } from '../../support/seeded-random.ts';
import { buildDiskStack } from './disk-stack.ts';
import { addressIn, type DurableKind } from './durable-kinds.ts';
import { History, type StoredDigests } from './history.ts';
import { inspectStore } from './inspect-store.ts';
import type { PowerLossReport, WriterName } from './power-loss.ts';
import { startWriter } from './writer.ts';

const [folder = '', name = '', seed, cuts] = process.argv.slice(2);

interface TestedWriter {
  /** The program and its arguments. */
  command(folder: string): string[];
  /** What a power cut left in that folder. */
  read(folder: string): StoredDigests | Promise<StoredDigests>;
}

const WRITERS: Record<WriterName, TestedWriter> = {
  sqlite: storeWriter('sqlite'),
  file: storeWriter('file'),
  'bare FULL': bareWriter('FULL'),
  'bare NORMAL': bareWriter('NORMAL'),
};

endWithParent();
const { command, read } = WRITERS[name as WriterName];
const random = seededRandom(Number(seed));
const stack = buildDiskStack(folder);
const history = new History();
const writer = startWriter([process.execPath, ...command(stack.disk)], history);
const report: PowerLossReport = { acknowledged: 0, problems: [] };
try {
  for (let cut = 0; cut < Number(cuts); cut += 1) {
    await writer.reached(history.mark + 1);
    await delay(random.integer(0, 400));
    const mark = history.mark;
    report.acknowledged = history.acknowledged;
    const recovered = await stack.cutPower();
    const stored = await read(recovered.disk);
    report.problems.push(...history.problems(stored, mark).map((problem) => `${cut}: ${problem}`));
    recovered.remove();
  }
} finally {
  writer.kill('SIGKILL');
  await writer.ended;
}
process.stdout.write(JSON.stringify(report), () => process.exit());

function program(file: string): string {
  return fileURLToPath(new URL(file, import.meta.url));
}

function storeWriter(kind: DurableKind): TestedWriter {
  return {
    command: (disk) => [program('saving-child.ts'), addressIn(disk, kind), String(seed), '0'],
    read: (disk) => inspectStore(addressIn(disk, kind)),
  };
}

function bareWriter(safety: string): TestedWriter {
  return {
    command: (disk) => [program('bare-writer.ts'), join(disk, 'runs.db'), safety],
    read: (disk) => readBare(join(disk, 'runs.db')),
  };
}

function readBare(path: string): StoredDigests {
  const database = new DatabaseSync(path);
  try {
    // The power cut may have taken even the table.
    database.exec('CREATE TABLE IF NOT EXISTS kept (id TEXT PRIMARY KEY, digest TEXT NOT NULL)');
    const rows = database.prepare('SELECT id, digest FROM kept').all();
    return new Map(rows.map(({ id, digest }) => [String(id), String(digest)]));
  } finally {
    database.close();
  }
}
