import { type Fields, textIn } from '../reading/fields.ts';
import { noteOf } from './user-line.ts';

/**
 * What was typed while the agent worked. What is taken out by `dequeue` is written again as a prompt; what
 * is taken by `remove` went to the agent on its way, and stands nowhere else in older files.
 */
export class PromptQueue {
  #waiting: string[] = [];
  readonly #taken = new Set<unknown>();

  /** Takes an operation. Gives the text that the agent got by it, if any. */
  take(fields: Fields): string | undefined {
    const operation = textIn(fields, 'operation');
    if (operation === 'enqueue') this.#waiting.push(textIn(fields, 'content') ?? '');
    else if (operation === 'popAll') this.#waiting = [];
    else if (operation === 'dequeue') this.#waiting.shift();
    else if (operation === 'remove') {
      const text = this.#waiting.shift();
      // Notifications are queued as well, and come again as lines of their own.
      if (text === undefined || text === '' || noteOf(text) !== undefined) return undefined;
      this.#taken.add(text);
      return text;
    }
    return undefined;
  }

  /** Whether this was given as taken already; newer files write it once more as an attachment. */
  isTaken(text: unknown): boolean {
    return this.#taken.delete(text);
  }
}
