import { once } from 'node:events';
import { describe, expect, test } from 'vitest';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { json, runledger, startProgram } from './support/program.ts';

interface Recorded {
  id: string | null;
  inserted: number;
  updated: number;
  unchanged: number;
  rejected: { ordinal: number; id: string | null; code: string; message: string }[];
}
interface Shown {
  run: Record<string, unknown> & { id: string; status: string; output?: Record<string, unknown> };
}
const ID = '0199c2f4-9a3c-7c1e-8f51-3f7b4d2a6e10';
const run = (more: object = {}) => ({
  repository: 'shop',
  status: 'SUCCESS',
  input: { prompt: 'Say hello' },
  ...more,
});

async function only(cwd: string): Promise<Shown['run']> {
  const { runs } = await json<{ runs: { id: string }[] }>(['list'], { cwd });
  expect(runs).toHaveLength(1);
  return (await json<Shown>(['show', runs[0]?.id ?? ''], { cwd })).run;
}

describe('runs on standard input', () => {
  test('one run, over several lines, with fields that nobody knows', async () => {
    const cwd = temporaryFolder();
    const input = JSON.stringify(run({ id: ID, mood: { of: 'day' } }), null, 2);
    expect(await json<Recorded>(['record'], { cwd, input })).toEqual({
      version: 1,
      id: ID,
      inserted: 1,
      updated: 0,
      unchanged: 0,
      rejected: [],
    });
    expect(await only(cwd)).toMatchObject(run({ id: ID, mood: { of: 'day' } }));
    expect(
      await json<Recorded>(['record'], { cwd, input: JSON.stringify(await only(cwd)) }),
    ).toMatchObject({
      inserted: 0,
      unchanged: 1,
    });
  });

  test('an array, and a run per line with blank lines and U+2028 in it', async () => {
    const cwd = temporaryFolder();
    const array = JSON.stringify([run(), run()]);
    expect(await json<Recorded>(['record'], { cwd, input: array })).toMatchObject({
      id: null,
      inserted: 2,
    });
    const lines = [run({ input: { prompt: 'a\u2028b' } }), run()].map((own) => JSON.stringify(own));
    const input = `${lines.join('\n\n')}\n`;
    expect(await json<Recorded>(['record'], { cwd, input })).toMatchObject({
      inserted: 2,
      rejected: [],
    });
  });

  test('what is not valid is listed by its place and the others are stored', async () => {
    const cwd = temporaryFolder();
    const lines = [
      JSON.stringify(run()),
      '{"repository": "cut',
      JSON.stringify(run({ status: 'SUCESS' })),
      '7',
      JSON.stringify(run()),
      JSON.stringify(run({ id: 'x', input: {} })),
      '{"repository":"r","status":"QUEUED","input":{"prompt":"p"},"metadata":{"n":9007199254740993}}',
    ];
    const { code, stdout } = await runledger(['record', '--json'], {
      cwd,
      input: lines.join('\n'),
    });
    const document = JSON.parse(stdout) as Recorded;
    expect(code).toBe(3);
    expect(document.inserted).toBe(2);
    expect(document.rejected.map(({ ordinal }) => ordinal)).toEqual([2, 3, 4, 6, 7]);
    expect(document.rejected[1]?.message).toContain('status');
    const text = await runledger(['record'], { cwd, input: lines.join('\n') });
    expect(text.stdout.match(/^Not stored: Run \d of the input/gm)).toHaveLength(5);
  });

  test('with nothing stored it ends with 1', async () => {
    const cwd = temporaryFolder();
    const { code } = await runledger(['record'], {
      cwd,
      input: JSON.stringify(run({ status: 1 })),
    });
    expect(code).toBe(1);
  });

  test.each([
    ['cut off', '{"repository": "a"', 'cut off'],
    ['no UTF-8', Buffer.from([0x7b, 0xff, 0xfe]), 'UTF-8'],
  ])('input that is %s is wrong use', async (_name, input, reason) => {
    const { code, stdout, stderr } = await runledger(['record'], { cwd: temporaryFolder(), input });
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toContain(reason);
  });

  test('options for a command are refused', async () => {
    const { code, stderr } = await runledger(['record', '--agent', 'a'], {
      cwd: temporaryFolder(),
      input: '{}',
    });
    expect(code).toBe(2);
    expect(stderr).toContain('--agent');
  });
});

describe('a command', () => {
  const node = (script: string) => ['--', process.execPath, '-e', script];

  test('is shown as it runs, kept, and its success is ours', async () => {
    const cwd = temporaryFolder();
    const options = [
      '--agent',
      'reviewer',
      '--repository',
      'shop',
      '--tag',
      'a',
      '--tag',
      'b',
      '--model',
      'm',
    ];
    const script = "console.log('\\x1b[32mhello\\x1b[0m'); console.error('aside')";
    const { code, stdout, stderr } = await runledger(['record', ...options, ...node(script)], {
      cwd,
    });
    expect({ code, stdout }).toEqual({ code: 0, stdout: '\x1b[32mhello\x1b[0m\n' });
    expect(stderr).toMatch(/^aside\nrunledger: recorded as [0-9a-f-]{36}: SUCCESS/);
    const stored = await only(cwd);
    expect(stored).toMatchObject({
      status: 'SUCCESS',
      agent: 'reviewer',
      repository: 'shop',
      tags: ['a', 'b'],
      workingDirectory: cwd,
      input: { model: 'm' },
      output: { message: 'hello', rawResponse: '\x1b[32mhello\x1b[0m\n', tokensUsed: null },
    });
    expect(stored.error).toBeUndefined();
    expect(stored.duration).toBeTypeOf('number');
  });

  test('that fails ends with its own code and is recoverable', async () => {
    const cwd = temporaryFolder();
    const script = "console.error('first'); console.error('the reason'); process.exit(7)";
    const { code } = await runledger(['record', ...node(script)], { cwd });
    expect(code).toBe(7);
    const stored = await only(cwd);
    expect(stored).toMatchObject({
      status: 'FAILED',
      error: { code: 'EXIT_7', recoverable: true, stackTrace: 'first\nthe reason\n' },
    });
    expect(JSON.stringify(stored.error)).toContain('exit code 7: the reason');
    expect((await runledger(['retry', stored.id], { cwd })).code).toBe(0);
  });

  test('that a signal ends, or that is not there', async () => {
    const cwd = temporaryFolder();
    const killed = await runledger(['record', ...node("process.kill(process.pid, 'SIGKILL')")], {
      cwd,
    });
    expect(killed.code).toBe(137);
    expect((await only(cwd)).error).toMatchObject({ code: 'SIGNAL_SIGKILL' });
    const elsewhere = temporaryFolder();
    const absent = await runledger(['record', '--', 'no-such-command-here'], { cwd: elsewhere });
    expect(absent.code).toBe(127);
    expect((await only(elsewhere)).error).toMatchObject({ code: 'NOT_STARTED' });
  });

  test('reads our standard input, and its document is alone on standard output', async () => {
    const cwd = temporaryFolder();
    const args = ['record', '--prompt', 'count', '--json', '--', 'cat'];
    const { stdout, stderr } = await runledger(args, { cwd, input: 'given' });
    expect(JSON.parse(stdout)).toMatchObject({
      version: 1,
      status: 'SUCCESS',
      exitCode: 0,
      errorCode: null,
    });
    expect(stderr).toContain('given');
    expect(await only(cwd)).toMatchObject({
      input: { prompt: 'count' },
      output: { message: 'given' },
    });
  });

  test('takes the options after its name for its own', async () => {
    const { code, stdout } = await runledger(['record', 'echo', '--json'], {
      cwd: temporaryFolder(),
    });
    expect({ code, stdout }).toEqual({ code: 0, stdout: '--json\n' });
  });

  test('of a long output the end is kept, and the note says so', async () => {
    const cwd = temporaryFolder();
    const script =
      "for (let i = 0; i < 12; i += 1) process.stdout.write('é'.repeat(500_000)); console.log('end!')";
    const { stdout, stderr } = await runledger(['record', ...node(script)], { cwd });
    expect(stdout.length).toBe(6_000_005);
    expect(stderr).toContain('11.4 MB');
    const stored = await only(cwd);
    const kept = String(stored.output?.rawResponse);
    expect(Buffer.byteLength(kept)).toBeLessThanOrEqual(10_000_000);
    expect(kept).toMatch(/^é{4999997}end!\n$/);
    expect(stored.metadata).toMatchObject({ outputBytes: 12_000_005 });
  });

  test('is stored as RUNNING before it begins; Ctrl-C reaches it and it is CANCELLED', async () => {
    const cwd = temporaryFolder();
    const child = startProgram(['record', '--', 'sh', '-c', 'echo ready; exec sleep 60'], { cwd });
    await once(child.stdout, 'data');
    expect(await only(cwd)).toMatchObject({
      status: 'RUNNING',
      input: { prompt: "sh -c 'echo ready; exec sleep 60'" },
    });
    child.kill('SIGINT');
    const [code] = await once(child, 'close');
    expect(code).toBe(130);
    expect(await only(cwd)).toMatchObject({ status: 'CANCELLED', output: { message: 'ready' } });
  });

  test('that takes Ctrl-C in its stride has succeeded', async () => {
    const cwd = temporaryFolder();
    const script =
      "process.on('SIGINT', () => process.exit(0)); console.log('ready'); setInterval(() => {}, 1000)";
    const child = startProgram(['record', ...node(script)], { cwd });
    await once(child.stdout, 'data');
    child.kill('SIGINT');
    const [code] = await once(child, 'close');
    expect(code).toBe(0);
    expect(await only(cwd)).toMatchObject({ status: 'SUCCESS' });
  });

  test('killed with this program it stays RUNNING and can be cancelled', async () => {
    const cwd = temporaryFolder();
    const child = startProgram(['record', '--', 'sh', '-c', 'echo ready; exec cat'], { cwd });
    await once(child.stdout, 'data');
    child.kill('SIGKILL');
    await once(child, 'close');
    const stored = await only(cwd);
    expect(stored.status).toBe('RUNNING');
    expect((await runledger(['cancel', stored.id], { cwd })).code).toBe(0);
  });

  test('whose reader goes away is told so, and kept', async () => {
    const cwd = temporaryFolder();
    const child = startProgram(['record', '--', 'sh', '-c', 'yes'], { cwd });
    await once(child.stdout, 'data');
    child.stdout.destroy();
    const [code] = await once(child, 'close');
    expect(code).not.toBe(0);
    expect(await only(cwd)).toMatchObject({ status: 'FAILED' });
  });
});
