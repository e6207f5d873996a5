import type { Command } from 'commander';

/** A command as the list of all commands shows it; `load` brings what it takes and does. */
export interface CommandEntry {
  name: string;
  summary: string;
  /** The heading of the help that it stands under. */
  group: string;
  /** True where it needs what all the others take. */
  readsAll?: true;
  load: () => Promise<(command: Command) => void>;
}

const TAKE_IN = 'Take runs in:';
const LOOK = 'Look at them:';
const CHANGE = 'Change them:';
const CARE = 'Look after the store:';
const MORE = 'More:';

/** Every command, in the order of the help. */
export const COMMANDS: readonly CommandEntry[] = [
  {
    name: 'start',
    summary: 'Open or create a store, take run files in, show what it holds',
    group: TAKE_IN,
    load: async () => (await import('./commands/start.ts')).defineStart,
  },
  {
    name: 'import',
    summary: 'Take in the history that agents left on this machine',
    group: TAKE_IN,
    load: async () => (await import('./commands/import.ts')).defineImport,
  },
  {
    name: 'watch',
    summary: 'Take in what agents write, as they write it',
    group: TAKE_IN,
    load: async () => (await import('./commands/watch.ts')).defineWatch,
  },
  {
    name: 'migrate',
    summary: 'Copy all runs from one store to another and verify each',
    group: TAKE_IN,
    load: async () => (await import('./commands/migrate.ts')).defineMigrate,
  },
  {
    name: 'record',
    summary: 'Store runs from standard input, or run a command and keep it',
    group: TAKE_IN,
    load: async () => (await import('./commands/record.ts')).defineRecord,
  },
  {
    name: 'list',
    summary: 'List runs, newest first',
    group: LOOK,
    load: async () => (await import('./commands/list.ts')).defineList,
  },
  {
    name: 'show',
    summary: 'Show one run whole',
    group: LOOK,
    load: async () => (await import('./commands/show.ts')).defineShow,
  },
  {
    name: 'search',
    summary: 'Find runs by words in their prompt, message or error',
    group: LOOK,
    load: async () => (await import('./commands/search.ts')).defineSearch,
  },
  {
    name: 'stats',
    summary: 'Totals, success rate, durations and cost, by repository',
    group: LOOK,
    load: async () => (await import('./commands/stats.ts')).defineStats,
  },
  {
    name: 'export',
    summary: 'Write runs out as NDJSON or CSV',
    group: LOOK,
    load: async () => (await import('./commands/export.ts')).defineExport,
  },
  {
    name: 'retry',
    summary: 'Queue failed runs again',
    group: CHANGE,
    load: async () => (await import('./commands/retry.ts')).defineRetry,
  },
  {
    name: 'cancel',
    summary: 'Cancel runs that are queued or running',
    group: CHANGE,
    load: async () => (await import('./commands/cancel.ts')).defineCancel,
  },
  {
    name: 'delete',
    summary: 'Delete runs by id or by filter',
    group: CHANGE,
    load: async () => (await import('./commands/delete.ts')).defineDelete,
  },
  {
    name: 'tag',
    summary: 'Add tags to runs, or take them off',
    group: CHANGE,
    load: async () => (await import('./commands/tag.ts')).defineTag,
  },
  {
    name: 'rewind',
    summary: 'Make every run what it was at a moment',
    group: CARE,
    load: async () => (await import('./commands/rewind.ts')).defineRewind,
  },
  {
    name: 'mirror',
    summary: 'Keep a second store as this one is, change by change',
    group: CARE,
    load: async () => (await import('./commands/mirror.ts')).defineMirror,
  },
  {
    name: 'backup',
    summary: 'Write all runs and changes of a store into one file',
    group: CARE,
    load: async () => (await import('./commands/backup.ts')).defineBackup,
  },
  {
    name: 'restore',
    summary: 'Put what a backup holds into a store',
    group: CARE,
    load: async () => (await import('./commands/restore.ts')).defineRestore,
  },
  {
    name: 'verify',
    summary: 'Check a backup, or that two stores are equal',
    group: CARE,
    load: async () => (await import('./commands/verify.ts')).defineVerify,
  },
  {
    name: 'drill',
    summary: 'Try whether the newest backup can be restored, and say how old it is',
    group: CARE,
    load: async () => (await import('./commands/drill.ts')).defineDrill,
  },
  {
    name: 'schema',
    summary: 'Show which schema migrations are applied, or apply them',
    group: CARE,
    load: async () => (await import('./commands/schema.ts')).defineSchema,
  },
  {
    name: 'doctor',
    summary: 'Check that the store and its surroundings are sound',
    group: CARE,
    load: async () => (await import('./commands/doctor.ts')).defineDoctor,
  },
  {
    name: 'completion',
    summary: 'Print a script that completes what you type, for your shell',
    group: MORE,
    readsAll: true,
    load: async () => (await import('./commands/completion.ts')).defineCompletion,
  },
];
