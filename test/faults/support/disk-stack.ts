import { execFile, execFileSync } from 'node:child_process';
import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';

/**
 * A disk whose power can be cut, built of file systems inside one another:
 *
 *     memory > shelf > platter.img > platter > disk.img > disk
 *
 * `disk` is where programs write. Its blocks go to `disk.img`, a file on `platter`: the page cache
 * of that file system plays the volatile cache of a drive, which only a flush empties. What a flush
 * has reached is in `platter.img`, and of that alone a copy is made. The copy is of one moment,
 * because the `shelf` on which `platter.img` lies is frozen meanwhile, which holds every write to the
 * platter back. Neither unflushed pages of the disk's own file system nor unflushed blocks of the
 * drive are in it.
 */
export interface DiskStack {
  /** The folder on the disk. */
  readonly disk: string;
  /** Cuts the power for a copy of the disk and mounts what the platter had; the disk goes on. */
  cutPower(): Promise<RecoveredDisk>;
}

/** A disk after a power cut, with its journal replayed. */
export interface RecoveredDisk {
  readonly disk: string;
  remove(): void;
}

const DISK_SIZE = '112M';
const PLATTER_SIZE = '128M';
const SHELF_SIZE = '160M';
const MEMORY_SIZE = '640M';

/**
 * Copies while nothing can be written. The signals of a Ctrl-C wait, so that nothing stays frozen.
 */
const COPY_FROZEN = `
  trap '' INT TERM HUP
  fsfreeze --freeze "$1" || exit
  cp --sparse=always "$1/platter.img" "$2"; status=$?
  fsfreeze --unfreeze "$1" && exit $status`;

/** Builds it in an empty folder. For a mount namespace of its own, as root. */
export function buildDiskStack(folder: string): DiskStack {
  run('mount', '-t', 'tmpfs', '-o', `size=${MEMORY_SIZE}`, 'tmpfs', folder);
  const shelf = join(folder, 'shelf');
  const platter = join(folder, 'platter');
  const disk = join(folder, 'disk');
  mountNew(join(folder, 'shelf.img'), SHELF_SIZE, shelf);
  mountNew(join(shelf, 'platter.img'), PLATTER_SIZE, platter);
  mountNew(join(platter, 'disk.img'), DISK_SIZE, disk);
  return {
    disk,
    cutPower: async () => {
      const image = join(folder, 'snapshot.img');
      await promisify(execFile)('sh', ['-c', COPY_FROZEN, 'copy', shelf, image]);
      return recover(image, join(folder, 'recovered'));
    },
  };
}

function recover(image: string, folder: string): RecoveredDisk {
  const platter = join(folder, 'platter');
  const disk = join(folder, 'disk');
  mount(image, platter);
  mount(join(platter, 'disk.img'), disk);
  return {
    disk,
    remove: () => {
      run('umount', disk);
      run('umount', platter);
      rmSync(image);
    },
  };
}

function mountNew(image: string, size: string, at: string): void {
  run('truncate', '-s', size, image);
  run('mkfs.ext4', '-q', '-F', image);
  mount(image, at);
}

function mount(image: string, at: string): void {
  mkdirSync(at, { recursive: true });
  run('mount', '-o', 'loop,noatime', image, at);
}

function run(command: string, ...args: string[]): void {
  execFileSync(command, args, { stdio: ['ignore', 'ignore', 'pipe'] });
}
