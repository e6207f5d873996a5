// Several claimers in one process, each with a repository of its own, that take runs until there are
// none left. Says `ready`, begins when it is told to go, and prints the id of each run that it got.
// Arguments: the store, how many claimers.
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { openRunRepository } from '../../../src/index.ts';

const [store = '', claimers] = process.argv.slice(2);

const repositories = await Promise.all(
  Array.from({ length: Number(claimers) }, () => openRunRepository(store)),
);
process.stdout.write('ready\n');
await once(createInterface(process.stdin), 'line');
await Promise.all(
  repositories.map(async (repository) => {
    for (let run = await repository.claim(); run !== null; run = await repository.claim()) {
      process.stdout.write(`${run.id}\n`);
    }
    await repository.close();
  }),
);
process.exit();
