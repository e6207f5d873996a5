import type { JsonObject } from '../../domain/json.ts';
import type { AgentRun } from '../../domain/run.ts';
import { type Fields, objectIn, optional, textIn } from '../reading/fields.ts';
import { folderName } from '../reading/folder-name.ts';

/** Where a run works. */
export interface Place {
  /** By its remote, else its folder; undefined where nothing is said. */
  repository: string | undefined;
  fields: Partial<AgentRun>;
  metadata: JsonObject;
}

/** Where a session works: as its start says, and whenever it is taken up again. */
export class SessionPlace {
  #context: Fields = {};
  #version: string | undefined;

  /** Takes what a start, a resumption or a change of place says. */
  take(data: Fields): void {
    const context = 'context' in data ? objectIn(data, 'context') : data;
    if (textIn(context, 'cwd') !== undefined) this.#context = context;
    this.#version = textIn(data, 'copilotVersion') ?? this.#version;
  }

  /** The place as it is now; a run stays where it began. */
  get now(): Place {
    const cwd = textIn(this.#context, 'cwd');
    const folder = textIn(this.#context, 'gitRoot') ?? cwd;
    const remote = textIn(this.#context, 'repository')?.slice(0, 255);
    return {
      repository: remote ?? (folder === undefined ? undefined : folderName(folder) || undefined),
      fields: {
        ...optional('workingDirectory', cwd),
        ...optional('branch', textIn(this.#context, 'branch')),
      },
      metadata: {
        ...optional('agentVersion', this.#version),
        ...optional('commit', textIn(this.#context, 'headCommit')),
      },
    };
  }
}
