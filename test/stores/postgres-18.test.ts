import { newestServer } from '../support/postgres/fresh-store.ts';
import { describePostgres } from './support/describe-postgres.ts';

describePostgres(newestServer());
