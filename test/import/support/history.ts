import { mkdirSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { digestOf } from '../../../src/domain/canonical.ts';
import { claudeCode } from '../../../src/importers/claude-code/claude-code.ts';
import { transcriptAt } from '../../../src/importers/reading/find-transcripts.ts';
import type { Importer } from '../../../src/repository/importer.ts';
import type { RunStore } from '../../../src/repository/run-store.ts';
import { importFiles } from '../../../src/services/import/import-files.ts';
import type { ImportOptions } from '../../../src/services/import/import-options.ts';
import type { ImportReport } from '../../../src/services/import/import-report.ts';
import { type Line, WRITTEN } from '../../importers/claude-code/transcripts.ts';
import { runsOf } from '../../support/list-source.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

/** A folder of session files that are written as they grow. */
export class History {
  readonly folder = temporaryFolder();

  /** Writes a file; each time its size or its time is another one. */
  write(name: string, content: readonly Line[] | string): string {
    const path = join(this.folder, name);
    mkdirSync(dirname(path), { recursive: true });
    const lines = typeof content === 'string' ? content : `${content.map(asJson).join('\n')}\n`;
    writeFileSync(path, lines);
    return path;
  }

  remove(name: string): void {
    rmSync(join(this.folder, name));
  }

  /** Imports the files of these names, or all. */
  async into(
    store: RunStore,
    { only, importer = claudeCode, ...options }: IntoOptions = {},
  ): Promise<ImportReport> {
    const paths = only?.map((name) => join(this.folder, name)) ?? this.#all();
    const files = await Promise.all(paths.map(transcriptAt));
    const found = files.filter((file) => file !== null);
    // Long after the last line, so that nothing is still RUNNING.
    const now = WRITTEN + 10 * 365 * 86_400_000;
    return await importFiles(importer, found, store, {
      ...{ look: transcriptAt, now, verify: 'full' },
      ...options,
    });
  }

  #all(): string[] {
    const names = readdirSync(this.folder, { recursive: true, encoding: 'utf8' });
    const paths = names.map((name) => join(this.folder, name));
    return paths.filter((path) => statSync(path).isFile()).sort();
  }
}

interface IntoOptions extends Partial<ImportOptions> {
  only?: readonly string[];
  importer?: Importer;
}

/** The digest of each run of a store, by id. */
export async function digestsIn(store: RunStore): Promise<Record<string, string>> {
  const runs = await runsOf(store);
  return Object.fromEntries(runs.map((run) => [run.id, digestOf(run)]));
}

function asJson(line: Line): string {
  return JSON.stringify(line);
}
