import { describeThroughCopy } from './support/describe-through-copy.ts';
import { PAIRS } from './support/kinds.ts';

for (const [from, to] of PAIRS) describeThroughCopy(from, to);
