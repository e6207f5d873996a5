import { oldestServer } from '../support/postgres/fresh-store.ts';
import { describePostgres } from './support/describe-postgres.ts';

describePostgres(oldestServer());
