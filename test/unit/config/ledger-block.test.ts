import { expect, test } from 'vitest';
import { readLedgerKeep } from '../../../src/config/store-target.ts';
import { load, refusalOf } from './support/configuration-folder.ts';

const HOUR_MS = 3_600_000;
const files = { 'runledger.config.yaml': 'ledger:\n  keep: 36h\n' };

test('how long the ledger is kept is said for every kind of store', async () => {
  for (const store of ['memory:', 'sqlite:./runs.db', 'file:./runs', 'postgres://db/runs']) {
    expect(readLedgerKeep((await load({ store })).database)).toBe(30 * 24 * HOUR_MS);
    expect(readLedgerKeep((await load({ files, store })).database)).toBe(36 * HOUR_MS);
    const environment = { RUNLEDGER_LEDGER_KEEP: 'forever' };
    const { database, settings } = await load({ files, environment, store });
    expect(readLedgerKeep(database)).toBeUndefined();
    expect(settings).toContainEqual({
      name: 'ledger.keep',
      value: 'forever',
      source: 'RUNLEDGER_LEDGER_KEEP',
    });
  }
});

test('what is no time of an hour or more is refused', async () => {
  for (const keep of ['30', '59m', '0d', '3 weeks', '-1d', 'never']) {
    const wrong = { 'runledger.config.yaml': `ledger:\n  keep: "${keep}"\n` };
    const { message } = await refusalOf(load({ files: wrong }));
    expect(message).toContain('ledger.keep must be a time of an hour or more');
  }
});
