import type { AgentRun } from '../run.ts';

/** The texts of a run that a search looks at. */
export interface SearchableTexts {
  prompt: string;
  message?: string;
  errorMessage?: string;
}

/** Picks them out, in the order in which a snippet prefers them. */
export function searchableTexts(
  run: Pick<AgentRun, 'input' | 'output' | 'error'>,
): SearchableTexts {
  return {
    prompt: run.input.prompt,
    ...(run.output && { message: run.output.message }),
    ...(run.error && { errorMessage: run.error.message }),
  };
}
