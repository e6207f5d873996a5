import type { JsonOption } from '../json-option.ts';
import type { StoreOption } from '../store-access.ts';

/** What `record` takes; all but `json` and `store` describe the run of a command. */
export interface RecordOptions extends JsonOption, StoreOption {
  repository?: string;
  agent?: string;
  model?: string;
  session?: string;
  prompt?: string;
  tag?: string[];
  /** False with `--no-capture`. */
  capture: boolean;
}
