import { cutToWidth } from './display-width.ts';
import { formatCount } from './figures.ts';

const BAR_COLUMNS = 24;
/** A bar that moves more often only costs time. */
const BAR_EVERY_MS = 100;
/** Lines in a log: rare enough to be read. */
const LINE_EVERY_MS = 5_000;

/** Tells on standard error how far a long piece of work is. */
export interface Progress {
  /** `total` is null where nobody knows it. */
  update(label: string, done: number, total: number | null): void;
  /** Takes the bar away. */
  end(): void;
}

/** Does work that tells how far it is, and takes the bar away whatever happens. */
export async function withProgress<T>(work: (progress: Progress) => Promise<T>): Promise<T> {
  const progress = startProgress();
  try {
    return await work(progress);
  } finally {
    progress.end();
  }
}

/** A bar on a terminal, a plain line every few seconds elsewhere. */
export function startProgress(): Progress {
  const canErase = process.stderr.isTTY && process.env.TERM !== 'dumb';
  return canErase ? terminalBar() : plainLines();
}

function terminalBar(): Progress {
  let shownAt = 0;
  return {
    update(label, done, total) {
      const now = Date.now();
      if (now - shownAt < BAR_EVERY_MS) return;
      shownAt = now;
      const line = `${label} ${total ? bar(done / total) : ''} ${counts(done, total)}`;
      process.stderr.write(`\r\x1b[K${cutToWidth(line, (process.stderr.columns || 80) - 1)}`);
    },
    end() {
      if (shownAt > 0) process.stderr.write('\r\x1b[K');
    },
  };
}

function plainLines(): Progress {
  let shownAt = Date.now();
  return {
    update(label, done, total) {
      const now = Date.now();
      if (now - shownAt < LINE_EVERY_MS) return;
      shownAt = now;
      process.stderr.write(`${label}: ${counts(done, total)}\n`);
    },
    end() {
      // Each line stands for itself; there is nothing to take away.
    },
  };
}

function bar(share: number): string {
  const full = Math.round(Math.min(1, share) * BAR_COLUMNS);
  return `${'█'.repeat(full)}${'░'.repeat(BAR_COLUMNS - full)}`;
}

function counts(done: number, total: number | null): string {
  return total === null ? formatCount(done) : `${formatCount(done)} of ${formatCount(total)}`;
}
