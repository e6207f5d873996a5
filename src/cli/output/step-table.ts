import type { RunStep } from '../../domain/run.ts';
import { countOf, formatDuration } from './figures.ts';
import { paint } from './style.ts';
import { type Column, formatTable } from './table.ts';

const SHOWN_STEPS = 15;
/** Of a step's input or output: enough to know it again. */
const SHOWN_CHARACTERS = 200;

const COLUMNS: readonly Column[] = [
  { title: 'STEP', align: 'right' },
  { title: 'KIND' },
  { title: 'NAME', shrinkTo: 10 },
  { title: 'STATUS' },
  { title: 'TOOK', align: 'right' },
  { title: 'WHAT', detail: true },
];

/** The steps of a run as a table, the first of them where not all are wanted. */
export function formatSteps(steps: readonly RunStep[], isFull: boolean, width: number): string {
  const shown = isFull ? steps : steps.slice(0, SHOWN_STEPS);
  const rows = shown.map((step, at) => [
    String(at + 1),
    step.kind,
    step.name ?? step.model ?? '',
    step.status ?? '',
    formatDuration(step.duration),
    whatOf(step),
  ]);
  const left = steps.length - shown.length;
  const more = left > 0 ? paint('dim', `… ${countOf(left, 'more step')}: --full\n`) : '';
  return `${paint('bold', countOf(steps.length, 'step'))}\n${formatTable(COLUMNS, rows, width)}${more}`;
}

function whatOf({ error, output, input }: RunStep): string {
  const value = error ?? output ?? input;
  if (value === undefined) return '';
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  return text.slice(0, SHOWN_CHARACTERS);
}
