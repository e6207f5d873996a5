import { describeThroughBackup } from './support/describe-through-backup.ts';
import { OF_READING } from './support/describe-through-copy.ts';
import { KINDS } from './support/kinds.ts';

// Every kind and every format, whole, in `npm run test:soak`.
describeThroughBackup(KINDS.memory, KINDS.memory, 'ndjson', { themes: OF_READING });
