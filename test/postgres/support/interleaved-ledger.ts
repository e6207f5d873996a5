import { makeRun } from '../../../src/conformance/make-run.ts';
import { targetOf, withClient } from '../../support/postgres/fresh-store.ts';
import type { SeededRandom } from '../../support/seeded-random.ts';

const [HOUR_MS, MINUTE_MS, FIRST_MS] = [3_600_000, 60_000, Date.parse('2026-03-01T12:00:00Z')];

/**
 * Writes a ledger past the store, as writers leave it that began one after another, and changed runs
 * for up to an hour each. A change stands at the transaction, or later where its run was changed by a
 * later one before.
 */
export async function fillInterleaved(url: string, random: SeededRandom): Promise<void> {
  let begin = FIRST_MS;
  const changes = Array.from({ length: 50 }, (_, number) => {
    begin += random.integer(0, 30 * MINUTE_MS);
    return Array.from({ length: random.integer(1, 4) }, () => ({
      transaction: 10 + number,
      begin,
      at: begin + random.integer(0, HOUR_MS),
      run: makeRun(random.integer(0, 25)).id,
    }));
  }).flat();
  const last = new Map<string, number>();
  await withClient(url, async (client) => {
    for (const { transaction, at, run } of changes.sort((a, b) => a.at - b.at)) {
      const place = Math.max(transaction, last.get(run) ?? 0);
      last.set(run, place);
      await client.query(
        `INSERT INTO ${targetOf(url).schema}.run_changes
          (era, xid, transaction_xid, run_id, version, operation, at, mark)
          VALUES (1, $1, $2, $3, 1, 'update', $4, 0)`,
        [String(place), String(transaction), run, new Date(at)],
      );
    }
  });
}
