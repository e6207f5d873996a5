import { digestOf } from '../../domain/canonical.ts';
import { jsonSize } from '../../domain/json.ts';
import type { AgentRun } from '../../domain/run.ts';
import { BATCH_BYTES, BATCH_RUNS } from '../../repository/batch-limits.ts';
import type { ImportedFileChange } from '../../repository/imported-file.ts';
import type { QuarantineItem, RunStore } from '../../repository/run-store.ts';
import type { PutOperation, WriteOperation } from '../../repository/write-operation.ts';
import { type ExpectedDigest, packDigests } from '../copy/packed-digests.ts';
import type { ImportReport } from './import-report.ts';

/** A run that is to be in the store, and what an import before wrote of it, if one did. */
interface WantedRun {
  run: AgentRun;
  digest: string;
  before: string | undefined;
}

/** Files that are noted, at most so many at once. */
const MOST_FILES = 200;
/** A run that somebody else changes each time that it is to be replaced is left after so many times. */
const MOST_ATTEMPTS = 4;

type Counts = Pick<ImportReport, 'written' | 'deleted' | 'leftDeleted' | 'differences'>;

/**
 * Writes what files hold, in batches: what is noted of a file comes after its runs, so that an import
 * that ends early reads the file again.
 */
export class RunWriter {
  readonly #store: RunStore;
  readonly #origin: string;
  readonly #counts: Counts;
  readonly #bringsBack: boolean;
  #runs = new Map<string, WantedRun>();
  #gone = new Map<string, string>();
  #setAside: QuarantineItem[] = [];
  #files: ImportedFileChange[] = [];
  #bytes = 0;
  /** What the store should have by now, to be read back. */
  readonly expected: Uint8Array[] = [];

  /** `origin`: what the ledger says of where the runs come from. `bringsBack`: also what was deleted. */
  constructor(store: RunStore, origin: string, counts: Counts, bringsBack: boolean) {
    this.#store = store;
    this.#origin = origin;
    this.#counts = counts;
    this.#bringsBack = bringsBack;
  }

  /** Takes a run; of equal ids the later counts. */
  async put(run: AgentRun, digest: string, before: string | undefined): Promise<void> {
    this.#gone.delete(run.id);
    this.#runs.set(run.id, { run, digest, before });
    this.#bytes += jsonSize(run);
    if (this.#runs.size >= BATCH_RUNS || this.#bytes >= BATCH_BYTES) await this.flush();
  }

  /** A run that was imported with this digest, and that files do not give any more. */
  gone(id: string, digest: string): void {
    this.#gone.set(id, digest);
  }

  async setAside(item: QuarantineItem): Promise<void> {
    this.#setAside.push(item);
    this.#bytes += item.bytes?.length ?? 0;
    if (this.#bytes >= BATCH_BYTES) await this.flush();
  }

  /** What is known of a file now, when all that it holds was given. */
  async file(change: ImportedFileChange): Promise<void> {
    this.#files.push(change);
    for (const { packed } of change.pieces?.pieces ?? []) this.#bytes += packed.length;
    if (this.#files.length >= MOST_FILES || this.#bytes >= BATCH_BYTES) await this.flush();
  }

  /** Writes what was taken so far. */
  async flush(): Promise<void> {
    const wanted = [...this.#runs.values()];
    const gone = [...this.#gone];
    const [setAside, files] = [this.#setAside, this.#files];
    this.#runs = new Map();
    this.#gone = new Map();
    this.#setAside = [];
    this.#files = [];
    this.#bytes = 0;
    if (wanted.length > 0) await this.#write(await this.#withoutDeleted(wanted));
    if (gone.length > 0) await this.#delete(gone);
    if (setAside.length > 0) await this.#store.quarantine(setAside);
    if (files.length > 0) await this.#store.keepImportedFiles(files);
  }

  /** A run that was imported before and is not there was deleted by somebody, who is to be right. */
  async #withoutDeleted(wanted: readonly WantedRun[]): Promise<WantedRun[]> {
    const before = wanted.filter((one) => one.before !== undefined).map(({ run }) => run.id);
    if (before.length === 0 || this.#bringsBack) return [...wanted];
    const heads = await this.#store.heads(before);
    const left = wanted.filter((one) => one.before === undefined || heads.has(one.run.id));
    this.#counts.leftDeleted += wanted.length - left.length;
    return left;
  }

  async #write(wanted: readonly WantedRun[]): Promise<void> {
    let open: { one: WantedRun; operation: PutOperation }[] = wanted.map((one) => ({
      one,
      operation: putOver(one, one.before === undefined ? [] : [one.before]),
    }));
    const expected: ExpectedDigest[] = [];
    for (let attempt = 1; open.length > 0 && attempt <= MOST_ATTEMPTS; attempt += 1) {
      const outcomes = await this.#store.write(operationsOf(open), this.#options);
      const refused: { one: WantedRun; found: string }[] = [];
      for (const [at, { one, operation }] of open.entries()) {
        const outcome = outcomes[at];
        if (outcome?.result === 'conflict') {
          refused.push({ one, found: outcome.found?.digest ?? '' });
          continue;
        }
        if (outcome?.result !== 'unchanged') this.#counts.written += 1;
        expected.push([one.run.id, operation.digest]);
      }
      open = await this.#settle(refused);
    }
    for (const { one } of open) this.#counts.differences.push(one.run.id);
    this.expected.push(packDigests(expected));
  }

  /** Decides what is written over what was found: tags that somebody gave the run stay in any case. */
  async #settle(refused: readonly { one: WantedRun; found: string }[]) {
    const ids = refused.map(({ one }) => one.run.id);
    if (ids.length === 0) return [];
    const [stored, last] = [await this.#store.read(ids), await this.#store.lastChanges(ids)];
    return refused.flatMap(({ one, found }) => {
      const { id } = one.run;
      const { tags, ...rest } = stored.get(id) ?? one.run;
      const untagged = digestOf(rest);
      const isOurs =
        [one.before, one.digest].includes(untagged) || last.get(id)?.origin === this.#origin;
      if (!isOurs) {
        this.#counts.differences.push(id);
        return [];
      }
      const run = tags === undefined ? one.run : { ...one.run, tags };
      const digest = tags === undefined ? one.digest : digestOf(run);
      return [{ one, operation: putOver({ ...one, run, digest }, [found]) }];
    });
  }

  async #delete(gone: readonly (readonly [id: string, digest: string])[]): Promise<void> {
    const operations: WriteOperation[] = gone.map(([id, digest]) => {
      return { kind: 'delete', id, expect: { digests: [digest] } };
    });
    const outcomes = await this.#store.write(operations, this.#options);
    for (const { result, id } of outcomes) {
      if (result === 'deleted') this.#counts.deleted += 1;
      else if (result === 'conflict') this.#counts.differences.push(id);
    }
  }

  get #options() {
    return { atomic: false, origin: this.#origin, durability: 'bulk' } as const;
  }
}

function putOver({ run, digest }: WantedRun, digests: readonly string[]): PutOperation {
  return { kind: 'put', run, digest, expect: { digests }, stamps: 'next' };
}

function operationsOf(open: readonly { operation: PutOperation }[]): PutOperation[] {
  return open.map(({ operation }) => operation);
}
