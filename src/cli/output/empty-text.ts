import { callOf, callOnStore } from '../how-to-call.ts';

/** What stands where there are no runs: whether that is so, and what to do next. */
export function emptyText(location: string, isFiltered: boolean): string {
  if (isFiltered) return `No run matches. To see the newest of all:\n  ${callOnStore('list')}\n`;
  return `${location} holds no runs yet. To take some in:
  ${callOnStore('start')}
  ${callOf('record --help')}
`;
}
