import { type RunSummary, type StoredRun, SUMMARY_FIELDS } from './run.ts';

/** How much of a prompt, a message or an error message a summary shows, in UTF-16 units. */
export const SUMMARY_TEXT_LENGTH = 200;

/** Text cut to what a summary shows, never inside a surrogate pair. */
export function summaryText(text: string): string {
  if (text.length <= SUMMARY_TEXT_LENGTH) return text;
  const last = text.charCodeAt(SUMMARY_TEXT_LENGTH - 1);
  const splitsPair = last >= 0xd800 && last <= 0xdbff;
  return text.slice(0, splitsPair ? SUMMARY_TEXT_LENGTH - 1 : SUMMARY_TEXT_LENGTH);
}

/** The summary of a run: the reference that every store must agree with. */
export function summarize(run: StoredRun): RunSummary {
  const shared = SUMMARY_FIELDS.filter((name) => run[name] !== undefined).map((name) => [
    name,
    run[name],
  ]);
  const { input, output, error } = run;
  return {
    ...(Object.fromEntries(shared) as Pick<RunSummary, (typeof SUMMARY_FIELDS)[number]>),
    model: input.model,
    prompt: summaryText(input.prompt),
    ...(output && { message: summaryText(output.message), tokensUsed: output.tokensUsed }),
    ...(error && { errorCode: error.code, errorMessage: summaryText(error.message) }),
  };
}
