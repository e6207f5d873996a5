import { styleText } from 'node:util';
import type { RunStatus } from '../../domain/run.ts';

/** How a piece of text looks on a terminal. */
export type Style = Parameters<typeof styleText>[0];

const STATUS_STYLES: Readonly<Record<RunStatus, Style>> = {
  QUEUED: 'blue',
  RUNNING: 'cyan',
  SUCCESS: 'green',
  FAILED: 'red',
  CANCELLED: 'yellow',
  RETRYING: 'magenta',
};

/** The look of a status. */
export function statusStyle(status: RunStatus): Style {
  return STATUS_STYLES[status];
}

/** Styled text for standard output; plain where that is no terminal or `NO_COLOR` is set. */
export function paint(style: Style, text: string): string {
  return text === '' ? text : styleText(style, text);
}

/** The same for standard error. */
export function paintError(style: Style, text: string): string {
  return styleText(style, text, { stream: process.stderr });
}
