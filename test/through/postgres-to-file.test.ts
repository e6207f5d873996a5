import { describeThroughCopy } from './support/describe-through-copy.ts';
import { KINDS } from './support/kinds.ts';

describeThroughCopy(KINDS.postgres, KINDS.file);
