import { oldestServer } from '../support/postgres/fresh-store.ts';
import { describePostgres } from './support/describe-postgres.ts';

// Whole in `npm run test:soak`: the rules of runs, which are the same code on every server, on the newest here.
describePostgres(oldestServer(), [
  ...['edge values', 'find', 'paging', 'filter', 'search', 'statistics', 'deleteMany', 'changes'],
  ...['transaction', 'concurrency', 'durability', 'port: write', 'port: read', 'port: transaction'],
  ...['port: closed', 'port: ledger', 'port: history', 'port: trimming', 'port: quarantine'],
  'port: moving',
]);
