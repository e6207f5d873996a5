import type { Transcript } from '../../repository/importer.ts';
import type { Verification } from '../copy/copy-report.ts';
import type { ImportMemory } from './import-memory.ts';
import type { ImportProgress } from './import-report.ts';

/** How files are imported. */
export interface ImportOptions {
  /** The file at a path as it is on disk; null where there is none. */
  look: (path: string) => Promise<Transcript | null>;
  /** Whether the bytes of files are kept, to be read again when they are gone. Default true. */
  keepsSource?: boolean;
  /** What is known of the agent's files, where somebody who imports often holds it. */
  memory?: ImportMemory;
  /** Reads files that have not changed as well. Default false. */
  again?: boolean;
  /** Also brings back runs that somebody deleted since they were imported. Default false. */
  bringsBack?: boolean;
  /** What is read back to prove the import. Default `sample`. */
  verify?: Verification;
  /** Now, in milliseconds since 1970. */
  now?: number;
  onProgress?: (progress: ImportProgress) => void;
  /** Ends the import between two runs. */
  signal?: AbortSignal;
}
