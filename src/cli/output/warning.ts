import type { UnusableBackup } from '../../services/backup/backup-folder.ts';
import { masked } from './masked.ts';
import { printable } from './printable.ts';
import { writeNote } from './stdout.ts';
import { paintError } from './style.ts';

/** Tells on standard error what people should know though it stops nothing. */
export async function writeWarning(text: string): Promise<void> {
  await writeNote(`${masked(`${paintError('yellow', 'warning:')} ${printable(text)}`)}\n`);
}

/** The same of each backup that was passed over, with why. */
export async function warnOfPassedOver(passedOver: readonly UnusableBackup[]): Promise<void> {
  for (const { name, error } of passedOver) {
    await writeWarning(`${name} was passed over: ${error.message}`);
  }
}

/** Backups that were passed over as JSON documents have them. */
export function passedOverAsJson(passedOver: readonly UnusableBackup[]): {
  name: string;
  reason: string;
}[] {
  return passedOver.map(({ name, error }) => ({ name, reason: error.message }));
}
