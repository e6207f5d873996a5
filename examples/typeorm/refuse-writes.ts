import { type EntitySubscriberInterface, EventSubscriber } from 'typeorm';
import { RUN_ENTITIES } from './run-entities.ts';

const TABLES = RUN_ENTITIES.map(({ options }) => options.tableName);

/** Refuses what TypeORM would write to the tables of Runledger. Tables of yours it lets alone. */
export class RefuseWrites implements EntitySubscriberInterface {
  readonly beforeInsert = refuse;
  readonly beforeUpdate = refuse;
  readonly beforeRemove = refuse;
  readonly beforeSoftRemove = refuse;
  readonly beforeRecover = refuse;
}

function refuse({ metadata }: { metadata: { tableName: string } }): void {
  if (!TABLES.includes(metadata.tableName)) return;
  throw new Error(
    `${metadata.tableName} is written through Runledger alone: TypeORM knows nothing of the ledger, the digest and the rules.`,
  );
}

// As a decorator it would need a build step.
EventSubscriber()(RefuseWrites);
