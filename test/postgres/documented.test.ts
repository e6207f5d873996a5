import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import pg from 'pg';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { loadConfiguration } from '../../src/config/load-configuration.ts';
import { applyPostgresSchema } from '../../src/stores/postgres/schema/schema.ts';
import { codeBlocks } from '../house/support/markdown.ts';
import { runExample } from '../house/support/run-example.ts';
import { readTree } from '../house/support/source-tree.ts';
import type { TestServer } from '../support/postgres/server.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { ask, ownServer, serverTest } from './support/own-servers.ts';

const pages = readTree('docs', '.md');
const textOf = (name: string) => pages.find(({ path }) => path === `docs/${name}`)?.text ?? '';
const manual = textOf('postgres.md');
const DATABASE = 'meta_gothic';

/** Does each statement of some SQL by itself, as psql does it. */
async function run(server: TestServer, user: string, database: string, sql: string) {
  const { host, port } = server;
  const client = new pg.Client({ host, port, user, database });
  await client.connect();
  try {
    const statements = sql.replace(/--.*$/gm, '').split(/;\s*$/m);
    for (const one of statements.filter((text) => text.trim() !== '')) await client.query(one);
  } finally {
    await client.end();
  }
}

describe('docs/postgres.md', () => {
  serverTest('its roles, grants, questions and three lines do what they are for', async () => {
    const server = await ownServer();
    const [roles = '', grants = '', ...others] = codeBlocks(manual, 'sql');
    expect(roles).toContain('CREATE ROLE runledger_owner');
    await run(server, 'postgres', 'postgres', roles);
    const { host, port } = server;
    const place = { host, port, username: 'runledger_owner', database: DATABASE };
    const store = { ...place, schema: 'claude_runs', ssl: false, location: 'documented' } as const;
    await applyPostgresSchema(store);
    expect(grants).toContain('GRANT USAGE ON SCHEMA claude_runs');
    await run(server, 'runledger_owner', DATABASE, grants);
    expect(others.length).toBeGreaterThan(5);
    for (const sql of others) await run(server, 'postgres', DATABASE, sql);

    const [example = ''] = codeBlocks(manual, 'typescript');
    const address = `postgres://runledger_writer@${encodeURIComponent(host)}:${port}/${DATABASE}`;
    const code = example.replace(/'postgres:[^']*'/, JSON.stringify(address));
    expect(code).toContain(address);
    expect(await runExample(`${code}await runs.close();\n`)).toMatchObject({
      code: 0,
      stdout: '[]\n',
      stderr: '',
    });
    const { rolname } = await ask<{ rolname: string }>(
      server,
      "SELECT rolname FROM pg_roles WHERE rolname = 'runledger_reader'",
    );
    expect(rolname).toBe('runledger_reader');
  });

  test.each(codeBlocks(manual, 'yaml'))(
    'a configuration is taken as it stands, %#',
    async (yaml) => {
      const directory = temporaryFolder();
      writeFileSync(join(directory, 'runledger.config.yaml'), yaml);
      const environment = {
        ...{ DB_HOST: 'db', DB_PORT: '5432', DB_USER: 'me', DB_PASSWORD: 'secret' },
        DATABASE_URL: 'postgres://db/runs',
      };
      const { database } = await loadConfiguration({ directory, environment });
      expect(database.type).toBe('postgres');
    },
  );
});

describe('docs/deployment.md', () => {
  const deployment = textOf('deployment.md');

  test('its compose file starts programs after the migrations', () => {
    const [compose] = codeBlocks(deployment, 'yaml').map((block) => parse(block));
    const services = Object.values<{ depends_on?: object }>(compose.services);
    expect(
      services.some(({ depends_on }) => JSON.stringify(depends_on)?.includes('completed')),
    ).toBe(true);
  });

  test('its units have every section with assignments alone', () => {
    const units = codeBlocks(deployment, 'ini');
    expect(units).toHaveLength(4);
    for (const unit of units) {
      for (const line of unit.split('\n').filter((text) => text !== '')) {
        expect(line).toMatch(/^\[(Unit|Service|Timer|Install)\]$|^[A-Z][A-Za-z]+=\S/);
      }
    }
  });
});
