import { describe, expect, test } from 'vitest';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { json, runledger, sharedFolder } from './support/program.ts';

interface Recorded {
  id: string | null;
  inserted: number;
  unchanged: number;
  rejected: { ordinal: number; id: string | null; message: string }[];
}
const ID = '0199c2f4-9a3c-7c1e-8f51-3f7b4d2a6e10';
const GOOD = '{"repository":"r","status":"SUCCESS","input":{"prompt":"p"}}';

describe('what record takes from standard input', () => {
  test('an export of another store, which counts its versions from 1 here', async () => {
    const { stdout } = await runledger(['export'], { cwd: await sharedFolder() });
    const runs = stdout.trimEnd().split('\n');
    const input = runs.map((run) => JSON.stringify({ ...JSON.parse(run), version: 7 })).join('\n');
    const cwd = temporaryFolder();
    const taken = await json<Recorded>(['record'], { cwd, input });
    expect(taken).toMatchObject({ inserted: runs.length, rejected: [] });
    const copy = await runledger(['export'], { cwd });
    const contents = (text: string) =>
      text
        .trimEnd()
        .split('\n')
        .map((line) => {
          const { version, createdAt, updatedAt, ...content } = JSON.parse(line);
          return content;
        });
    expect(contents(copy.stdout)).toEqual(contents(stdout));
    // A version that the stored run does not have still means that somebody changed it.
    const [changed] = contents(stdout).map((run) => ({ ...run, version: 7, tags: ['other'] }));
    const refused = await runledger(['record'], { cwd, input: JSON.stringify(changed) });
    expect(refused.code).toBe(1);
  });

  test('the runs behind a first line that is broken', async () => {
    const cwd = temporaryFolder();
    const { code, stdout } = await runledger(['record', '--json'], {
      cwd,
      input: `{bad}\n\n${GOOD}\n`,
    });
    expect(code).toBe(3);
    expect(JSON.parse(stdout)).toMatchObject({
      inserted: 1,
      rejected: [{ ordinal: 1, message: expect.stringMatching(/^Run 1 of the input is no valid/) }],
    });
  });

  test('nothing at all is wrong use, no runs are none', async () => {
    const cwd = temporaryFolder();
    for (const input of ['', ' \n\n']) {
      const { code, stderr } = await runledger(['record'], { cwd, input });
      expect(code).toBe(2);
      expect(stderr).toMatch(/^error: Standard input is empty\.\n/);
    }
    expect(await runledger(['record'], { cwd, input: '[]' })).toMatchObject({ code: 0 });
  });

  test('a refusal names up to five things that are wrong, and no run as stored', async () => {
    const input = JSON.stringify({
      ...{ id: ID, repository: 1, status: 'BAD', input: {}, tags: 'a' },
      ...{ retryCount: -1, duration: 'long', branch: 7 },
    });
    const recorded = await json<Recorded>(['record'], { cwd: temporaryFolder(), input });
    expect(recorded).toMatchObject({ id: null, rejected: [{ id: ID }] });
    const message = recorded.rejected[0]?.message ?? '';
    expect(message).toMatch(/^Run 1 of the input: The run is not valid: /);
    expect(message.split('; ')).toHaveLength(5);
    expect(message).toMatch(/ \(and 2 more\)\.$/);
  });
});
