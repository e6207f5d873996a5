import { randomUUID } from 'node:crypto';
import { statSync } from 'node:fs';
import type { Connection } from './connection.ts';

/** Which ledger the places of a store are places in. */
export interface StoreIdentity {
  storeId: string;
  /** Starts anew when the file turns out to be a copy. */
  epoch: string;
}

const READ = 'SELECT store_id, epoch, inode, birth FROM store_identity';
const WRITE = `INSERT INTO store_identity (only_row, store_id, epoch, inode, birth, flushes)
  VALUES (1, ?, ?, ?, ?, 0)
  ON CONFLICT DO UPDATE SET epoch = excluded.epoch, inode = excluded.inode, birth = excluded.birth`;

/**
 * The identity of the database at a path. A file with another inode or birth than the one noted in it
 * is a copy or was restored, and starts a new epoch; one that cannot be written gets an epoch for as
 * long as it is open. Both are safe: followers start over instead of missing changes.
 */
export function readIdentity(db: Connection, path: string, mayWrite: boolean): StoreIdentity {
  const { ino, birthtimeNs } = statSync(path, { bigint: true });
  const [inode, birth] = [String(ino), String(birthtimeNs)];
  const known = currentIdentity(db, inode, birth);
  if (known !== null) return known;
  if (!mayWrite) return { storeId: storeIdOf(db) ?? randomUUID(), epoch: randomUUID() };
  return db.transaction('IMMEDIATE', () => {
    // Another process may have been quicker.
    const quicker = currentIdentity(db, inode, birth);
    if (quicker !== null) return quicker;
    const storeId = storeIdOf(db) ?? randomUUID();
    const epoch = randomUUID();
    db.run(WRITE, [storeId, epoch, inode, birth]);
    return { storeId, epoch };
  });
}

function currentIdentity(db: Connection, inode: string, birth: string): StoreIdentity | null {
  const row = db.get(READ);
  if (row === undefined || row.inode !== inode || row.birth !== birth) return null;
  return { storeId: String(row.store_id), epoch: String(row.epoch) };
}

function storeIdOf(db: Connection): string | undefined {
  const id = db.get(READ)?.store_id;
  return id === undefined ? undefined : String(id);
}
