// Saves so many runs one by one, together with others that do the same: it loads, says `ready`, and
// opens the store when it is told to go. Prints a `ToldFailure` for each that failed. Arguments: the
// store, the number of its first run, how many.
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { openRunRepository } from '../../../src/index.ts';
import { faultRun } from './fault-run.ts';
import { asTold } from './report.ts';

const [store = '', first, count] = process.argv.slice(2);

process.stdout.write('ready\n');
await once(createInterface(process.stdin), 'line');
const repository = await openRunRepository(store);
for (let number = Number(first); number < Number(first) + Number(count); number += 1) {
  try {
    await repository.save(faultRun(number));
  } catch (error) {
    process.stdout.write(`${JSON.stringify(asTold(error))}\n`);
  }
}
await repository.close();
process.exit();
