import { describeThroughCopy } from './support/describe-through-copy.ts';
import { KINDS } from './support/kinds.ts';

// Whole in `npm run test:soak`.
describeThroughCopy(KINDS.file, KINDS.memory, { themes: ['edge values', 'find'] });
