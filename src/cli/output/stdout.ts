import type { Writable } from 'node:stream';
import { breathing } from '../../repository/breathing.ts';

/** How long signals may have to wait. */
const BREATHE_EVERY_MS = 50;

const breathe = breathing(BREATHE_EVERY_MS);

/**
 * Writes to standard output and resolves when it may take more: a slow reader slows the command down
 * instead of filling the memory. Rejects with EPIPE when the reader has gone.
 */
export async function writeOut(text: string | Uint8Array): Promise<void> {
  await writeTo(process.stdout, text);
}

/** The same for any stream. */
export async function writeTo(stream: Writable, text: string | Uint8Array): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    stream.write(text, (error) => (error ? reject(error) : resolve()));
  });
  // Terminals and files are written to synchronously: without this, Ctrl-C would never be seen.
  await breathe();
}

/** A note for people on standard error: standard output holds results alone. */
export async function writeNote(text: string): Promise<void> {
  await writeTo(process.stderr, text);
}

/** True when whoever read our output has gone, as in `runledger list | head -1`: no failure. */
export function isClosedPipe(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'EPIPE';
}
