import { cutToWidth } from './display-width.ts';
import { formatCount, formatDuration } from './figures.ts';
import { masked } from './masked.ts';
import { printable } from './printable.ts';

const BAR_COLUMNS = 20;
/** A bar that moves more often only costs time. */
const BAR_EVERY_MS = 100;
/** Lines in a log: rare enough to be read. */
const LINE_EVERY_MS = 5_000;

/** Tells on standard error how far a long piece of work is. */
export interface Progress {
  /** `total` is null where nobody knows it. `say` puts a figure into words; a plain count where left out. */
  update(label: string, done: number, total: number | null, say?: Say): void;
  /** A line that stays. */
  note(line: string): void;
  /** Takes the bar away. */
  end(): void;
}

/** Puts a figure into words. */
type Say = (figure: number) => string;

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
  const pace = new Pace();
  return {
    update(label, done, total, say = formatCount) {
      const now = Date.now();
      pace.see(label, done, now);
      if (now - shownAt < BAR_EVERY_MS) return;
      shownAt = now;
      const figures = counts(done, total, say) + pace.tell(done, total, now, say);
      const line = `${label} ${total ? `${bar(done / total)} ` : ''}${figures}`;
      process.stderr.write(`\r\x1b[K${cutToWidth(line, (process.stderr.columns || 80) - 1)}`);
    },
    note(line) {
      process.stderr.write(`\r\x1b[K${asShown(line)}\n`);
    },
    end() {
      if (shownAt > 0) process.stderr.write('\r\x1b[K');
    },
  };
}

function plainLines(): Progress {
  let shownAt = Date.now();
  const pace = new Pace();
  return {
    update(label, done, total, say = formatCount) {
      const now = Date.now();
      pace.see(label, done, now);
      if (now - shownAt < LINE_EVERY_MS) return;
      shownAt = now;
      process.stderr.write(
        `${label}: ${counts(done, total, say)}${pace.tell(done, total, now, say)}\n`,
      );
    },
    note(line) {
      process.stderr.write(`${asShown(line)}\n`);
    },
    end() {
      // Each line stands for itself; there is nothing to take away.
    },
  };
}

/** Sooner a rate says nothing. */
const PACE_AFTER_MS = 2_000;

/** How fast a piece of work goes. */
class Pace {
  #label = '';
  #startedAt = 0;
  #startedWith = 0;

  /** Each label is a piece of its own; what is done at its beginning was done before. */
  see(label: string, done: number, now: number): void {
    if (label === this.#label) return;
    this.#label = label;
    this.#startedAt = now;
    this.#startedWith = done;
  }

  /** `, 1,234/s, 12.3s left`; as much of it as is known. */
  tell(done: number, total: number | null, now: number, say: Say): string {
    const passed = now - this.#startedAt;
    const rate = (done - this.#startedWith) / passed;
    if (passed < PACE_AFTER_MS || rate <= 0) return '';
    const left =
      total === null || total <= done ? '' : `, ${formatDuration((total - done) / rate)} left`;
    return `, ${say(Math.round(1_000 * rate))}/s${left}`;
  }
}

/** Without secrets, and without what terminals obey. */
function asShown(line: string): string {
  return printable(masked(line));
}

function bar(share: number): string {
  const full = Math.round(Math.min(1, share) * BAR_COLUMNS);
  return `${'█'.repeat(full)}${'░'.repeat(BAR_COLUMNS - full)}`;
}

function counts(done: number, total: number | null, say: Say): string {
  return total === null ? say(done) : `${say(done)} of ${say(total)}`;
}
