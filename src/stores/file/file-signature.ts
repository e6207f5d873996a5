import type { Stats } from 'node:fs';

/** What of a file's facts tells that it was changed. */
export type FileFacts = Pick<Stats, 'size' | 'mtimeMs' | 'ctimeMs' | 'ino'>;

/** A signature has so many bits in its lower half, and 32 in its upper one: 53, all that a number can. */
const LOW = 2 ** 21;
const WORD = 2 ** 32;

/**
 * Name, size, times and inode of a file in one whole number below 2^53. Files of equal signatures are
 * taken for unchanged. A number, because a folder of 100,000 files has to be looked through in little
 * more than the time that the system needs to tell its facts.
 */
export function signatureOf(name: string, { size, mtimeMs, ctimeMs, ino }: FileFacts): number {
  let a = 0x9e3779b9;
  let b = 0x85ebca6b;
  for (let at = 0; at < name.length; at += 1) {
    const unit = name.charCodeAt(at);
    a = Math.imul(a ^ unit, 0x01000193);
    b = (Math.imul(b, 31) + unit) | 0;
  }
  // Microseconds: what a double holds of a time beyond them is chance.
  for (const value of [size, Math.floor(mtimeMs * 1000), Math.floor(ctimeMs * 1000), ino]) {
    for (const word of [value % WORD, Math.floor(value / WORD)]) {
      a = Math.imul(a ^ word, 0xcc9e2d51);
      a ^= a >>> 15;
      b = Math.imul((b + word) | 0, 0x1b873593);
      b ^= b >>> 13;
    }
  }
  a = Math.imul(a ^ (a >>> 16), 0x85ebca6b);
  b = Math.imul(b ^ (b >>> 16), 0xc2b2ae35);
  return ((a ^ (a >>> 13)) >>> 0) * LOW + ((b ^ (b >>> 16)) >>> 11);
}

/** Stands among many signatures, which are in one piece of memory, for that of an entry that is not there. */
export const GONE = -1;

/** What many signatures have in common with no others: how many they are, and the sums of both halves. */
export interface SignatureSums {
  count: number;
  high: number;
  low: number;
}

/** Adds a signature to the sums of others, in whatever order. They are exact for two million files. */
export function addSignature(sums: SignatureSums, signature: number): void {
  sums.count += 1;
  sums.high += Math.floor(signature / LOW);
  sums.low += signature % LOW;
}

/** The same of a column, in SQL. */
export const SIGNATURE_SUMS = `count(*) AS count, coalesce(sum(signature >> 21), 0) AS high,
  coalesce(sum(signature & ${LOW - 1}), 0) AS low`;

/** Clocks of file systems are this coarse: two changes within it can leave the same times. */
const COARSE_CLOCK_MS = 50;
/** The same of those that keep whole seconds, or every second one. */
const VERY_COARSE_CLOCK_MS = 2_050;

/** Whether the time of the last change has no part of a second, as on old file systems all have. */
export function hasCoarseTimes({ ctimeMs }: FileFacts): boolean {
  return ctimeMs % 1000 === 0;
}

/**
 * Whether a later change of the file is sure to show in its times. `now` is the time of the system. The
 * time of writing says nothing of that: anybody can set it, to the future too.
 */
export function isSettled(facts: FileFacts, now: number): boolean {
  return now - facts.ctimeMs > (hasCoarseTimes(facts) ? VERY_COARSE_CLOCK_MS : COARSE_CLOCK_MS);
}
