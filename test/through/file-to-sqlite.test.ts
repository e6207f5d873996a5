import { describeThroughCopy, OF_READING } from './support/describe-through-copy.ts';
import { KINDS } from './support/kinds.ts';

// Whole in `npm run test:soak`.
describeThroughCopy(KINDS.file, KINDS.sqlite, { themes: ['edge values', ...OF_READING] });
