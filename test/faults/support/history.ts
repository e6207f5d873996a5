/** What a writer is about to do: the digest that each run will have; null for one that will be gone. */
export interface Step {
  kind: 'save' | 'save-many' | 'transaction' | 'delete';
  digests: Record<string, string | null>;
}

/** A step, and what the writer has said of it since. */
type KnownStep = Step & { outcome: 'begun' | 'done' | 'failed' };

/** The digest of each run that is stored, by id. */
export type StoredDigests = ReadonlyMap<string, string>;

/** Of a store that lost everything, a few runs say enough. */
const MOST_TOLD = 10;

/**
 * What one writer did, one step after another, to a store that began with `before`. It tells
 * whether what is found later is what such a store must hold: every acknowledged step whole, then
 * perhaps some that were begun, in their order and each whole, and nothing else.
 */
export class History {
  readonly steps: KnownStep[] = [];
  readonly #before: StoredDigests;

  constructor(before: StoredDigests = new Map()) {
    this.#before = before;
  }

  begin(step: Step): void {
    this.steps.push({ ...step, outcome: 'begun' });
  }

  /** The writer says how its last step ended. */
  end(outcome: 'done' | 'failed'): void {
    const last = this.steps.at(-1);
    if (last !== undefined) last.outcome = outcome;
  }

  /** A step that ended, known from its end alone. */
  record(step: Step, outcome: 'done' | 'failed'): void {
    this.steps.push({ ...step, outcome });
  }

  /** How many steps must be found from now on: those that ended. */
  get mark(): number {
    return this.underWay === undefined ? this.steps.length : this.steps.length - 1;
  }

  /** The step that was begun and has not ended. */
  get underWay(): Step | undefined {
    const last = this.steps.at(-1);
    return last?.outcome === 'begun' ? last : undefined;
  }

  /** Writes of single runs that were acknowledged. */
  get acknowledged(): number {
    return this.steps
      .filter(({ outcome }) => outcome === 'done')
      .reduce((count, { digests }) => count + Object.keys(digests).length, 0);
  }

  /**
   * What is wrong with a store that was looked at after the first `mark` steps had ended, at any
   * moment up to now; nothing where it is as it must be.
   */
  problems(stored: StoredDigests, mark: number = this.mark): string[] {
    const allowed = new Map([...this.#before].map(([id, digest]) => [id, [digest]] as Allowed));
    const isWrong = (id: string) => !(allowed.get(id) ?? [null]).includes(stored.get(id) ?? null);
    for (const step of this.steps.slice(0, mark)) apply(step, allowed);
    const wrong = new Set([...allowed.keys(), ...stored.keys()].filter(isWrong));
    const problems = [...wrong]
      .slice(0, MOST_TOLD)
      .map((id) => describe(id, allowed.get(id), stored.get(id)));
    for (const step of this.steps.slice(mark)) {
      if (wrong.size === 0 || isPartOf(step, wrong, stored)) return [];
      apply(step, allowed);
      for (const id of Object.keys(step.digests)) {
        if (isWrong(id)) wrong.add(id);
        else wrong.delete(id);
      }
    }
    return wrong.size === 0 ? [] : problems;
  }
}

type Allowed = [id: string, digests: (string | null)[]];

/** A step that failed may have taken effect or not; each of its runs is whole all the same. */
function apply(step: KnownStep, allowed: Map<string, (string | null)[]>): void {
  for (const [id, digest] of Object.entries(step.digests)) {
    const before = step.outcome === 'failed' ? (allowed.get(id) ?? [null]) : [];
    allowed.set(id, [...before, digest]);
  }
}

/** Whether a `saveMany` under way explains what is wrong: it promises whole runs, not all of them. */
function isPartOf(step: Step, wrong: ReadonlySet<string>, stored: StoredDigests): boolean {
  return step.kind === 'save-many' && [...wrong].every((id) => step.digests[id] === stored.get(id));
}

function describe(
  id: string,
  expected: (string | null)[] | undefined,
  found: string | undefined,
): string {
  const wanted = expected?.map((digest) => digest ?? 'absent').join(' or ') ?? 'never saved';
  return `run ${id}: ${wanted}, found ${found ?? 'nothing'}`;
}
