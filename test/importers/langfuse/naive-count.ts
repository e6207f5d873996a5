import { readFileSync } from 'node:fs';
import { type CostedCount, noCount } from '../support/corpus-suite.ts';

interface RawObservation {
  id: string;
  parentObservationId: string | null;
  type: string;
  usageDetails: Record<string, number>;
  totalCost: number;
}

/** What exported traces hold, counted from their raw JSON by the rules of the page, and by nothing else. */
export function naiveCount(paths: readonly string[]): CostedCount {
  const count = noCount();
  for (const path of paths) {
    const { observations } = JSON.parse(readFileSync(path, 'utf8')) as {
      observations: RawObservation[];
    };
    count.runs += 1;
    const usesModel = ({ type, usageDetails }: RawObservation) =>
      type === 'GENERATION' || Object.keys(usageDetails).length > 0;
    const within = (outer: RawObservation): RawObservation[] =>
      observations
        .filter(({ parentObservationId }) => parentObservationId === outer.id)
        .flatMap((inner) => [inner, ...within(inner)]);
    let cost = 0;
    for (const each of observations) {
      if (usesModel(each) && !within(each).some(usesModel)) {
        count.steps.model_call += 1;
        cost += each.totalCost;
        add(count, each.usageDetails);
      } else if (each.type === 'TOOL') count.steps.tool_call += 1;
      // The one that hangs on none is the run itself, and a generation around another is that call.
      else if (each.parentObservationId !== null && each.type !== 'GENERATION') {
        count.steps.event += 1;
      }
    }
    count.costMicroUsd += Math.round(cost * 1e6);
  }
  return count;
}

function add({ usage }: CostedCount, details: Record<string, number>): void {
  const cached = details['prompt_details.cache_read'] ?? details.input_cache_read;
  const reasoning = details['completion_details.reasoning'] ?? details.output_reasoning;
  // Where they are not 0, it would have to be known whether they are within input and output.
  if (cached || reasoning) throw new TypeError('A file that this count is not made for.');
  usage.inputTokens = (usage.inputTokens ?? 0) + (details.input ?? 0);
  usage.outputTokens = (usage.outputTokens ?? 0) + (details.output ?? 0);
  if (cached !== undefined) usage.cacheReadTokens = (usage.cacheReadTokens ?? 0) + cached;
  if (reasoning !== undefined) usage.reasoningTokens = (usage.reasoningTokens ?? 0) + reasoning;
}
