// Opens a store, changes five runs in one transaction, closes it, and prints how that ended: `done`, or a
// `ToldFailure`. Argument: the store.
import { openRunRepository } from '../../../src/index.ts';
import { endWithParent } from '../../support/end-with-parent.ts';
import { failureOf } from './failure-of.ts';
import { changeFiveRuns } from './five-runs.ts';

endWithParent();
const failure = await failureOf(async () => {
  const repository = await openRunRepository(process.argv[2] ?? '');
  await changeFiveRuns(repository).finally(() => repository.close());
});
process.stdout.write(`${failure === null ? 'done' : JSON.stringify(failure)}\n`, () =>
  process.exit(),
);
