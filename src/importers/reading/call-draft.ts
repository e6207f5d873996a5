import type { RunStep, Usage } from '../../domain/run.ts';

/** A model call as it comes together from what its source says of it. */
export interface CallDraft {
  step: RunStep;
  texts: string[];
  thinking: string[];
  usage: Usage | undefined;
}

/** Puts into the step of a call what was said in it, and what it used. */
export function completeCall({ step, texts, thinking, usage }: CallDraft): void {
  if (usage !== undefined) step.usage = usage;
  const output = {
    ...(thinking.length > 0 && { thinking: thinking.join('\n\n') }),
    ...(texts.length > 0 && { text: texts.join('\n\n') }),
  };
  if (Object.keys(output).length > 0) step.output = output;
}
