import { describeThroughCopy } from './support/describe-through-copy.ts';
import { KINDS, PAIRS } from './support/kinds.ts';

for (const [from, to] of PAIRS) {
  if (from === KINDS.postgres || to === KINDS.postgres) describeThroughCopy(from, to);
}
