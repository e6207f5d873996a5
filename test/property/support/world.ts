import assert from 'node:assert/strict';
import { idOf, RECOVERABLE } from '../../../src/conformance/make-run.ts';
import { canonicalJson, canonicalRun } from '../../../src/domain/canonical.ts';
import type { StoredRun } from '../../../src/domain/run.ts';
import { mayBecome, RUN_STATUSES } from '../../../src/domain/status.ts';
import { isRunledgerError } from '../../../src/repository/errors.ts';
import { guardRepository } from '../../../src/repository/guard/guarded-repository.ts';
import type { RunRepository } from '../../../src/repository/run-repository.ts';
import type { RunStore } from '../../../src/repository/run-store.ts';
import type { Operation, RunDraft } from './operation.ts';

interface Clock {
  seconds: number;
  ticks: number;
}

/** A whole second, so that times made from the clock differ from those that runs are given. */
const FIRST_MS = Date.parse('2026-03-01T12:00:10.000Z');
const KNOWN_IDS = 4;

/** Opens an empty store that reads this clock. */
export type OpenStore = (now: () => number) => Promise<RunStore>;

/**
 * One repository with its own clock, to which operations are applied one after another. Worlds that
 * get the same operations read the same clock, and call the runs that they make by the same names,
 * so that all they answer can be compared.
 */
export class World {
  readonly store: RunStore;
  readonly repository: RunRepository;
  /** The ids known so far: some for runs to come, then those of the runs that were made. */
  readonly ids: string[] = Array.from({ length: KNOWN_IDS }, (_, number) => idOf(number));
  /** What was seen of each run after each operation, by id; null where it was gone. */
  readonly seen = new Map<string, (string | null)[]>();
  readonly #clock: Clock;

  static async open(open: OpenStore): Promise<World> {
    const clock: Clock = { seconds: 0, ticks: 0 };
    // A millisecond of its own for every tick: the order of runs that are made is then certain.
    const now = () => FIRST_MS + clock.seconds * 1000 + (clock.ticks % 999) + 1;
    return new World(await open(now), now, clock);
  }

  private constructor(store: RunStore, now: () => number, clock: Clock) {
    this.store = store;
    this.repository = guardRepository(store, { now });
    this.#clock = clock;
  }

  /** Does it, and gives what came of it in a form that worlds can be compared by. */
  async apply(operation: Operation): Promise<string> {
    const answer = await this.#do(this.repository, operation);
    await this.#look();
    return this.named(answer);
  }

  /** A value as text, in which the runs that this world made are called by their place in `ids`. */
  named(value: unknown): string {
    let json = canonicalJson(value);
    for (const [place, id] of this.ids.entries()) json = json.replaceAll(id, `#${place}`);
    return json;
  }

  async #do(repository: RunRepository, operation: Operation): Promise<unknown> {
    this.#clock.ticks += 1;
    try {
      return await this.#answer(repository, operation);
    } catch (error) {
      if (!isRunledgerError(error)) throw error;
      return { refused: error.code, issues: error.issues };
    }
  }

  async #answer(repository: RunRepository, operation: Operation): Promise<unknown> {
    switch (operation.do) {
      case 'save':
        return repository.save(await this.#toSave(repository, operation.draft));
      case 'save a new run': {
        const saved = await repository.save(operation.fields);
        this.ids.push(saved.id);
        return saved;
      }
      case 'saveMany': {
        const runs = operation.drafts.map((draft) => this.#toSave(repository, draft));
        const { rejected, ...counts } = await repository.saveMany(await Promise.all(runs));
        return { ...counts, rejected: rejected.map(({ message: _, ...rest }) => rest) };
      }
      case 'edit tags': {
        const run = await repository.findById(this.#id(operation.slot));
        return run && repository.save({ ...run, tags: [...(run.tags ?? []), operation.tag] });
      }
      case 'go on': {
        const run = await repository.findById(this.#id(operation.slot));
        return run && repository.save(goOn(run, operation.choice));
      }
      case 'retry': {
        const retry = await repository.retry(this.#id(operation.slot));
        this.ids.push(retry.id);
        return retry;
      }
      case 'claim':
        return repository.claim(operation.filter);
      case 'deleteMany':
        return repository.deleteMany(operation.filter);
      case 'set the clock':
        this.#clock.seconds += operation.byMs / 1000;
        return null;
      case 'transaction':
        return this.#transact(repository, operation);
      default:
        return repository[operation.do](this.#id(operation.slot));
    }
  }

  async #transact(
    repository: RunRepository,
    { operations, ends }: Extract<Operation, { do: 'transaction' }>,
  ): Promise<unknown> {
    const changedMind = new Error('the transaction is to be rolled back');
    const answers: unknown[] = [];
    const call = repository.transaction(async (inner) => {
      for (const operation of operations) answers.push(await this.#do(inner, operation));
      if (ends === 'throw') throw changedMind;
    });
    await call.catch((error: unknown) => {
      if (error !== changedMind) throw error;
    });
    return answers;
  }

  async #toSave(repository: RunRepository, { slot, fields, expects }: RunDraft) {
    const id = this.#id(slot);
    if (expects === 'nothing') return { ...fields, id };
    const version = (await repository.findById(id))?.version ?? 1;
    return { ...fields, id, version: expects === 'current' ? version : version + 1 };
  }

  #id(slot: number): string {
    return this.ids[slot % this.ids.length] ?? assert.fail('no id is known');
  }

  /** Notes every run that is not as it was seen last. */
  async #look(): Promise<void> {
    const runs = await this.store.read(this.ids);
    for (const id of this.ids) {
      const run = runs.get(id);
      const states = this.seen.get(id) ?? [null];
      const state = run === undefined ? null : canonicalRun(run);
      if (states.at(-1) !== state) states.push(state);
      this.seen.set(id, states);
    }
  }
}

/** The run with the status that it may get next. */
function goOn(run: StoredRun, choice: number): StoredRun {
  const open = RUN_STATUSES.filter(
    (status) => status !== run.status && mayBecome(run.status, status),
  );
  const status = open[choice] ?? RUN_STATUSES[choice] ?? run.status;
  return { ...run, status, ...(status === 'FAILED' && { error: run.error ?? RECOVERABLE }) };
}
