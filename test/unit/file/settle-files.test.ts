import { expect, test } from 'vitest';
import { makeRun } from '../../../src/conformance/make-run.ts';
import { digestOf } from '../../../src/domain/canonical.ts';
import { settleFiles } from '../../../src/stores/file/settle-files.ts';
import { fileOf } from './support/file-store.ts';

test('a file that may be changed unseen is to be read again', () => {
  const run = makeRun(1);
  const file = { kind: 'run', run, digest: digestOf(run), bytes: new Uint8Array() } as const;
  const known = { rows: new Map(), others: [], heads: new Map(), last: new Map() };
  const rowOf = (isSettled: boolean) =>
    settleFiles(
      [{ name: fileOf(1), signature: 7, file, isSettled, writtenAt: run.startedAt }],
      known,
    ).rows;
  expect(rowOf(true)).toMatchObject([{ signature: 7 }]);
  expect(rowOf(false)).toMatchObject([{ signature: null }]);
});
