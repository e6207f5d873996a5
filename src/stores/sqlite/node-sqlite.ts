import { RunledgerError } from '../../repository/errors.ts';

type NodeSqlite = typeof import('node:sqlite');

/**
 * The driver that is built into Node. It is asked for when a store is opened, not by an import, so
 * that a program on an older Node can load the package and is told what it needs: UNSUPPORTED.
 */
export function loadNodeSqlite(): NodeSqlite {
  const driver: NodeSqlite | undefined = process.getBuiltinModule?.('node:sqlite');
  if (driver === undefined || Number.parseInt(process.versions.node, 10) < 24) {
    throw new RunledgerError(
      'UNSUPPORTED',
      `SQLite stores need Node 24 or newer; this is Node ${process.versions.node}.`,
      { hint: 'Install Node 24 or newer from https://nodejs.org and start again.' },
    );
  }
  return driver;
}
