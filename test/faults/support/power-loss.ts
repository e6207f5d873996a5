import assert from 'node:assert/strict';
import { fileURLToPath } from 'node:url';
import { runChild } from '../../support/child.ts';
import { inMountNamespace } from '../../support/mount-namespace.ts';
import type { DurableKind } from './durable-kinds.ts';

const MACHINE = fileURLToPath(new URL('power-loss-machine.ts', import.meta.url));

/** Who writes while the power is cut: a store, or a bare database at that level of safety. */
export type WriterName = DurableKind | 'bare FULL' | 'bare NORMAL';

/** What the power cuts did. */
export interface PowerLossReport {
  /** Writes of single runs that were acknowledged before the last cut. */
  acknowledged: number;
  /** What was missing, torn or too much after which cut. */
  problems: string[];
}

/** Cuts the power under a writer at so many random moments; works in the empty folder. */
export async function cutPowerUnder(
  writer: WriterName,
  { cuts, seed, folder }: { cuts: number; seed: number; folder: string },
): Promise<PowerLossReport> {
  const command = [process.execPath, MACHINE, folder, writer, `${seed}`, `${cuts}`];
  const { code, stdout, stderr } = await runChild(inMountNamespace(command));
  assert.equal(code, 0, stderr);
  return JSON.parse(stdout) as PowerLossReport;
}
