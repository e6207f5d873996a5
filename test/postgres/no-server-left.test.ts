import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect } from 'vitest';
import { startChild } from '../support/child.ts';
import { serverTest } from './support/own-servers.ts';

describe('servers for tests', () => {
  serverTest('end with who started them, even by kill -9', async () => {
    const { promise: started, resolve } = Promise.withResolvers<number>();
    const program = join(import.meta.dirname, 'support', 'server-starter.ts');
    const child = startChild([process.execPath, program], {
      onLine: (line) => resolve(Number(line)),
    });
    const server = await started;
    expect(isRunning(server)).toBe(true);
    child.kill('SIGKILL');
    await child.ended;
    while (isRunning(server)) await sleep(50);
  });
});

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
