const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** What stands where a figure is unknown: it is not 0. */
export const UNKNOWN = '-';

/** Milliseconds as people say them: `850ms`, `12.3s`, `3m12s`, `5h03m`, `2d4h`. */
export function formatDuration(milliseconds: number | null | undefined): string {
  if (milliseconds === null || milliseconds === undefined) return UNKNOWN;
  if (milliseconds < 0) return `-${formatDuration(-milliseconds)}`;
  if (milliseconds < SECOND) return `${Math.round(milliseconds)}ms`;
  if (milliseconds < MINUTE) return `${(Math.floor(milliseconds / 100) / 10).toFixed(1)}s`;
  const [large, small] =
    milliseconds < HOUR ? [MINUTE, SECOND] : milliseconds < DAY ? [HOUR, MINUTE] : [DAY, HOUR];
  const rest = Math.floor((milliseconds % large) / small);
  const names = large === MINUTE ? 'ms' : large === HOUR ? 'hm' : 'dh';
  const restText = large === DAY ? `${rest}` : String(rest).padStart(2, '0');
  return `${Math.floor(milliseconds / large)}${names[0]}${restText}${names[1]}`;
}

/** How long ago a time (ISO 8601) was: `just now`, `12m ago`, `5h ago`, `3d ago`, then the date. */
export function formatAgo(time: string, now: number): string {
  const passed = now - Date.parse(time);
  if (passed < 0 || passed > 30 * DAY) return time.slice(0, 10);
  if (passed < MINUTE) return 'just now';
  if (passed < HOUR) return `${Math.floor(passed / MINUTE)}m ago`;
  return passed < DAY ? `${Math.floor(passed / HOUR)}h ago` : `${Math.floor(passed / DAY)}d ago`;
}

/** A time (ISO 8601) in UTC to the second: `2026-10-05 19:24:17 UTC`. */
export function formatTime(time: string): string {
  return `${time.slice(0, 10)} ${time.slice(11, 19)} UTC`;
}

/** A whole number with thousands apart: `1,234,567`. */
export function formatCount(count: number | null | undefined): string {
  return count === null || count === undefined ? UNKNOWN : count.toLocaleString('en-US');
}

/** A share of 1 in percent: `71.9 %`. */
export function formatRate(rate: number | null | undefined): string {
  return rate === null || rate === undefined ? UNKNOWN : `${(rate * 100).toFixed(1)} %`;
}

/** US dollars; small sums keep four digits: `$12.34`, `$0.0042`. */
export function formatUsd(dollars: number | null | undefined): string {
  if (dollars === null || dollars === undefined) return UNKNOWN;
  return dollars > 0 && dollars < 0.1 ? `$${dollars.toFixed(4)}` : `$${dollars.toFixed(2)}`;
}

/** Bytes: `512 B`, `4.2 KB`, `1.3 GB`. */
export function formatBytes(bytes: number): string {
  const units = ['B', 'KB', 'MB', 'GB', 'TB'];
  const power = Math.min(units.length - 1, Math.floor(Math.log2(Math.max(1, bytes)) / 10));
  const figure = bytes / 1024 ** power;
  return `${power === 0 ? figure : figure.toFixed(1)} ${units[power]}`;
}

/** A count with its noun: `1 run`, `263 runs`. */
export function countOf(count: number, noun: string): string {
  return `${formatCount(count)} ${noun}${count === 1 ? '' : 's'}`;
}
