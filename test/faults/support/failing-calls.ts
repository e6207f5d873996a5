import type { FileCalls } from '../../../src/stores/file/file-calls.ts';
import { SYSTEM_CALLS } from '../../../src/stores/file/file-calls.ts';

/** The calls of the system, of which some fail. */
export interface FailingCalls {
  calls: FileCalls;
  /** How many calls failed. */
  failed(): number;
  /** From now on none does. */
  mend(): void;
}

/** Which calls fail: the one with this number alone, counted from 1, or all from there on. */
export interface Failing {
  number: number;
  code: 'ENOSPC' | 'EIO';
  goesOn?: boolean;
}

/** Lets calls that change a folder fail as the system would; all others are made. */
export function failingCalls({ number, code, goesOn = false }: Failing): FailingCalls {
  let made = 0;
  let failed = 0;
  let isMended = false;
  const make = <T>(syscall: string, call: () => T): T => {
    made += 1;
    if (!isMended && (made === number || (goesOn && made > number))) {
      failed += 1;
      throw Object.assign(new Error(`${code}: injected, ${syscall}`), { code, syscall });
    }
    return call();
  };
  const calls: FileCalls = {
    create(path, mode) {
      const file = make('open', () => SYSTEM_CALLS.create(path, mode));
      return {
        // Half of a file that finds no room is there.
        write: (text) => {
          try {
            make('write', () => file.write(text));
          } catch (error) {
            file.write(text.slice(0, text.length / 2));
            throw error;
          }
        },
        sync: async () => make('fdatasync', () => file.sync()),
        close: () => file.close(),
      };
    },
    rename: (from, to) => make('rename', () => SYSTEM_CALLS.rename(from, to)),
    unlink: (path) => make('unlink', () => SYSTEM_CALLS.unlink(path)),
    syncFolder: async (path) => make('fsync', () => SYSTEM_CALLS.syncFolder(path)),
  };
  const mend = () => {
    isMended = true;
  };
  return { calls, failed: () => failed, mend };
}
