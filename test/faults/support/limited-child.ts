// Writes so many runs, one after another, goes on after failures, and reports each step. Arguments:
// the store, how many.
import { digestOf, openRunRepository } from '../../../src/index.ts';
import { endWithParent } from '../../support/end-with-parent.ts';
import { faultRun } from './fault-run.ts';
import { tellBegin, tellDone, tellFailed } from './report.ts';

const [store = '', count] = process.argv.slice(2);

endWithParent();
const repository = await openRunRepository(store);
for (let number = 0; number < Number(count); number += 1) {
  const run = faultRun(number);
  tellBegin({ kind: 'save', digests: { [run.id]: digestOf(run) } });
  await repository.save(run).then(tellDone, tellFailed);
}
await repository.close().catch(tellFailed);
process.exit();
