import type { Importer } from '../../repository/importer.ts';
import type { RunStore } from '../../repository/run-store.ts';
import { Families } from './families.ts';
import { KnownFiles } from './known-files.ts';

/** What is known of the files of one agent: for many imports one after another it is read once. */
export interface ImportMemory {
  known: KnownFiles;
  families: Families;
}

/** Reads what a store knows of an agent's files. Cost grows with these. */
export async function rememberFiles(importer: Importer, store: RunStore): Promise<ImportMemory> {
  const families = new Families(importer.groupOf?.bind(importer));
  const known = await KnownFiles.of(store, importer.name, (path, links) =>
    families.linkAll(path, links),
  );
  return { known, families };
}
