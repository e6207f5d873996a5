import { isPending, type OptionalIndex } from '../../../repository/schema-migration.ts';
import type { Database } from '../connection/database.ts';
import {
  buildIndex,
  type ConcurrentIndex,
  dropIndex,
  inTurnOfBuilders,
  type OnBuilding,
  readIndexState,
} from './build-index.ts';

/** Serves `to_tsvector('english', prompt)`, which people write in their own SQL. */
const ENGLISH_INDEX: ConcurrentIndex = {
  name: 'agent_inputs_english',
  definition: "ON {s}.agent_inputs USING gin ({s}.to_tsvector('english', prompt))",
};

/** Whether the index is there, beside what is wanted: undefined where nothing is said of it. */
export async function readEnglishIndex(
  database: Database,
  wanted: boolean | undefined,
): Promise<OptionalIndex> {
  const { name } = ENGLISH_INDEX;
  const state = await database.read((db) => readIndexState(db, name));
  return { name, option: 'search.postgresEnglishIndex', state, isWanted: wanted ?? null };
}

/** Builds or drops the index where it is not as it is wanted, while others write. */
export async function settleEnglishIndex(
  database: Database,
  wanted: boolean | undefined,
  onBuilding?: OnBuilding,
): Promise<void> {
  if (!isPending(await readEnglishIndex(database, wanted))) return;
  await inTurnOfBuilders(database, async () => {
    if (wanted) await buildIndex(database, ENGLISH_INDEX, onBuilding);
    else await dropIndex(database, ENGLISH_INDEX.name);
  });
}
