import { spawnSync } from 'node:child_process';

/**
 * Mounts are made in a mount namespace of their own. The kernel takes them back, and their loop
 * devices with them, when the last process in it ends: however a test ends, nothing stays mounted.
 * In a user namespace, anybody may mount a tmpfs so; loop devices are for root alone.
 */
const ENTER =
  process.getuid?.() === 0
    ? ['unshare', '--mount', '--propagation', 'private']
    : ['unshare', '--user', '--map-root-user', '--mount', '--propagation', 'private'];

/** The command that runs another one in a mount namespace of its own. */
export function inMountNamespace(command: readonly string[]): string[] {
  return [...ENTER, ...command];
}

/** Tries a tmpfs, a file system that is remounted read-only, and a folder bound to another place. */
const TRY_TMPFS = `
  mount -t tmpfs -o size=64k tmpfs /mnt && mkdir /mnt/a /mnt/b &&
  mount --bind /mnt/a /mnt/b && mount -o remount,bind,ro /mnt/b`;

/** Tries an ext4 image on a loop device, frozen and thawed. */
const TRY_EXT4 = `
  mount -t tmpfs -o size=8m tmpfs /mnt && cd /mnt && mkdir disk &&
  truncate -s 4M image && mkfs.ext4 -q -F image && mount -o loop image disk &&
  fsfreeze --freeze disk && fsfreeze --unfreeze disk`;

/** Why the tests that mount something cannot run here; null where they can. */
export function mountRefusal(wanted: 'tmpfs' | 'ext4'): string | null {
  const [enter = '', ...args] = inMountNamespace(['sh', '-c']);
  const probe = wanted === 'tmpfs' ? TRY_TMPFS : TRY_EXT4;
  const { status, stderr, error } = spawnSync(enter, [...args, probe], { encoding: 'utf8' });
  if (status === 0) return null;
  const reason = error?.message ?? (stderr.trim().split('\n')[0] || `ended with ${status}`);
  return `no ${wanted} can be mounted here: ${reason}`;
}
