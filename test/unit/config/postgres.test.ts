import { describe, expect, test } from 'vitest';
import type { StoreConfiguration } from '../../../src/config/store-configuration.ts';
import { describeTarget, readStoreTarget } from '../../../src/config/store-target.ts';
import { load, loadYaml, refusalOf, settingOf } from './support/configuration-folder.ts';

const DEFAULTS = {
  kind: 'postgres',
  host: 'localhost',
  port: 5432,
  schema: 'claude_runs',
  ssl: false,
  synchronize: false,
  logging: 'nothing',
  poolSize: 10,
  replicas: [],
  connectTimeoutMs: 10_000,
  statementTimeoutMs: 600_000,
};

describe('an address at the place of something else is refused, and its password not repeated', () => {
  const URL = 'postgres://me:hunter2@db/runs';

  test.each([
    ['type: sqlite\ndatabase: ${URL}', 'database.database must be a path alone'],
    ['type: file\ndatabase: sqlite:./x.db', 'database.database must be a path alone'],
    ['type: postgres\nhost: ${URL}\ndatabase: runs', 'database.host must be a name alone'],
    ['type: postgres\nhost: me:hunter2@db\ndatabase: runs', 'database.host must be a name alone'],
    ['type: postgres\nhost: db\ndatabase: ${URL}', 'database.database must be a name alone'],
    ['type: postgres\nurl: ${URL}\nschema: ${URL}', 'database.schema must be a name alone'],
  ])('%j', async (block, problem) => {
    const { message, hint = '' } = await refusalOf(loadYaml(block, { environment: { URL } }));
    expect(message).toContain(problem);
    expect(message + hint).not.toContain('hunter2');
  });

  test.each(['sqlite:', 'file:'])('behind %s', async (kind) => {
    const { message, hint = '' } = await refusalOf(load({ store: kind + URL }));
    expect(message).toContain('must be a path alone');
    expect(message + hint).not.toContain('hunter2');
  });

  test('a file of such a name is named by its path', async () => {
    expect((await load({ store: 'sqlite:./a:b.db', directory: '/base' })).database).toMatchObject({
      database: '/base/a:b.db',
    });
  });
});

describe('the blocks that people have', () => {
  test('the YAML block', async () => {
    const block = [
      'type: postgres',
      'host: ${DB_HOST}',
      'port: ${DB_PORT}',
      'username: ${DB_USER}',
      'password: ${DB_PASSWORD}',
      'database: meta_gothic',
      'schema: claude_runs',
    ].join('\n');
    const environment = { DB_HOST: 'db', DB_PORT: '6432', DB_USER: 'me', DB_PASSWORD: '12345' };
    const { database } = await loadYaml(block, { environment });
    expect(readStoreTarget(database)).toEqual({
      ...DEFAULTS,
      host: 'db',
      port: 6432,
      username: 'me',
      password: '12345',
      database: 'meta_gothic',
    });
  });

  test('the object for SQLite', () => {
    const configuration: StoreConfiguration = {
      type: 'sqlite',
      database: './data/claude-runs.db',
      synchronize: true,
      logging: true,
    };
    expect(readStoreTarget(configuration, '/base')).toEqual({
      kind: 'sqlite',
      path: '/base/data/claude-runs.db',
      synchronize: true,
      logging: 'everything',
    });
  });

  test.each(['DATABASE_URL', 'NOWHERE'])('the object for PostgreSQL with %s', async (name) => {
    const variables: NodeJS.ProcessEnv = { DATABASE_URL: 'postgres://me:pw@db/runs' };
    const configuration: StoreConfiguration = {
      type: 'postgres',
      url: variables[name],
      ssl: { rejectUnauthorized: false },
      synchronize: false,
      logging: ['error'],
      poolSize: 10,
    };
    if (name === 'DATABASE_URL') {
      expect(readStoreTarget(configuration)).toEqual({
        ...DEFAULTS,
        host: 'db',
        username: 'me',
        password: 'pw',
        database: 'runs',
        ssl: { rejectUnauthorized: false },
        logging: 'failures',
      });
    } else {
      const { message, hint } = await refusalOf(load({ object: { database: configuration } }));
      expect(message).toContain('neither url nor host and database are given');
      expect(hint).toContain('The url is undefined');
    }
  });
});

describe('a place', () => {
  test.each([
    ['postgres://db/runs', { host: 'db', database: 'runs' }],
    ['postgresql://me@db:6432/runs', { host: 'db', port: 6432, username: 'me', database: 'runs' }],
    [
      'postgres://a%40b:p%2Fw%23@db/r%20uns?schema=other',
      { host: 'db', username: 'a@b', password: 'p/w#', database: 'r uns', schema: 'other' },
    ],
    [
      'postgres://me:p@w@db/runs',
      { host: 'db', username: 'me', password: 'p@w', database: 'runs' },
    ],
    ['postgres:///runs', { database: 'runs' }],
    ['postgres://[::1]:6432/runs', { host: '::1', port: 6432, database: 'runs' }],
    ['postgres://%2Fvar%2Frun/runs', { host: '/var/run', database: 'runs' }],
    ['postgres://db/runs?sslmode=disable', { host: 'db', database: 'runs' }],
    [
      'postgres://db/runs?sslmode=require',
      { host: 'db', database: 'runs', ssl: { rejectUnauthorized: true } },
    ],
    [
      'postgres://db/runs?sslmode=no-verify',
      { host: 'db', database: 'runs', ssl: { rejectUnauthorized: false } },
    ],
  ])('%s', (url, expected) => {
    const target = { ...DEFAULTS, ...expected };
    expect(readStoreTarget(url)).toEqual(target);
    expect(readStoreTarget({ type: 'postgres', url })).toEqual(target);
    expect(readStoreTarget(describeTarget(readStoreTarget(url)))).toMatchObject({
      host: target.host,
      port: target.port,
      database: target.database,
      schema: target.schema,
    });
  });

  test.each([
    [true, { rejectUnauthorized: true }],
    [{}, { rejectUnauthorized: true }],
    [{ rejectUnauthorized: true }, { rejectUnauthorized: true }],
    [{ rejectUnauthorized: false }, { rejectUnauthorized: false }],
    [false, false],
  ])('ssl: %j verifies unless it says otherwise', (ssl, expected) => {
    expect(readStoreTarget({ type: 'postgres', database: 'runs', ssl })).toMatchObject({
      ssl: expected,
    });
  });

  test.each([
    ['mysql://u:hunter2@h/db', 'must begin with postgres://'],
    ['postgres:u:hunter2@h/db', 'must begin with postgres://'],
    ['postgres://u:hun/ter2@h/db', 'has an @ or a # behind the host'],
    ['postgres://u:1/hunter2@h/db', 'has an @ or a # behind the host'],
    ['postgres://u:1?hunter2@h/db', 'has an @ or a # behind the host'],
    ['postgres://u:1#hunter2', 'has an @ or a # behind the host'],
    ['postgres://u:hunter2@h:port/db', 'is no valid URL'],
    ['postgres://u:hunter2%@h/db', 'is no valid URL'],
    ['postgres://u:hunter2@h/a/b', 'must name one database'],
    ['postgres://u:hunter2@h/db\n', 'white space'],
    ['postgres://u:hunter2@h/db?shema=x', 'did you mean schema?'],
    ['postgres://u:hunter2@h/db?sslmode=maybe', 'has an sslmode that is none of disable,'],
    ['postgres://u:hunter2@h:0/db', 'has a port that must be at least 1.'],
    ['postgres://u:hunter2@h/db?schema=', 'has a schema that must have 1 to 63 characters.'],
    ['postgres://u:hunter2@h', 'A postgres store needs a database: the url names none.'],
  ])('%j is refused, and its password kept', async (url, expected) => {
    const object = { database: { type: 'postgres', url } } as const;
    const { code, message, hint } = await refusalOf(load({ object }));
    expect(code).toBe('INVALID');
    expect(message).toContain(expected);
    expect(`${message} ${hint}`).not.toContain('hunter2');
  });

  test('without a place, or with half of one, it is said what lacks', async () => {
    const lacking = async (block: string) => (await refusalOf(loadYaml(block))).message;
    expect(await lacking('type: postgres')).toContain('neither url nor host and database');
    expect(await lacking('type: postgres\nhost: db')).toContain('there is a host alone');
    expect((await refusalOf(load({ store: 'postgres' }))).code).toBe('INVALID');
  });
});

describe('a url among other options', () => {
  const urlOf = (url: string) => `type: postgres\nurl: ${url}`;

  test('may be completed beside it, and says nothing twice', async () => {
    const { database } = await loadYaml(`${urlOf('postgres://me@db/runs')}\npassword: pw`);
    expect(database).toMatchObject({ host: 'db', username: 'me', password: 'pw' });
    const { message } = await refusalOf(loadYaml(`${urlOf('postgres://db/runs')}\nhost: other`));
    expect(message).toContain('database.host says what the url says too');
  });

  test('takes the place of weaker parts, and a stronger part overrules it', async () => {
    const parts = 'type: postgres\nhost: h\nport: 1\nusername: u\npassword: p\ndatabase: d';
    const environment = { RUNLEDGER_DATABASE_URL: 'postgres://db/runs' };
    const { database } = await loadYaml(`${parts}\nschema: s\npoolSize: 2`, { environment });
    expect(readStoreTarget(database)).toEqual({
      ...DEFAULTS,
      host: 'db',
      database: 'runs',
      schema: 's',
      poolSize: 2,
    });
    const over = { RUNLEDGER_DATABASE_PASSWORD: 'stronger', RUNLEDGER_DATABASE_SCHEMA: 's' };
    const completed = await loadYaml(urlOf('postgres://me:weak@db/runs?schema=w'), {
      environment: over,
    });
    expect(completed.database).toMatchObject({ host: 'db', password: 'stronger', schema: 's' });
  });

  test('is shown as the url alone', async () => {
    const loaded = await loadYaml(urlOf('postgres://me:hunter2@db/runs'));
    expect(settingOf(loaded, 'url')).toEqual([
      'postgres://me:***@db/runs',
      'runledger.config.yaml',
    ]);
    expect(loaded.settings.map(({ name }) => name)).toEqual([
      'database.type',
      'database.url',
      'database.port',
      'database.schema',
      'database.ssl',
      'database.synchronize',
      'database.logging',
      'database.poolSize',
      'database.replicas',
      'database.connectTimeoutMs',
      'database.statementTimeoutMs',
      'ledger.keep',
    ]);
  });
});

test('a password is in no setting and in no name of a target', async () => {
  const block = 'type: postgres\ndatabase: runs\nhost: db\nusername: me\npassword: ${PW}';
  const loaded = await loadYaml(block, { environment: { PW: 'hunter2' } });
  expect(settingOf(loaded, 'password')).toEqual(['***', 'runledger.config.yaml (${PW})']);
  expect(JSON.stringify(loaded.settings)).not.toContain('hunter2');
  expect(describeTarget(readStoreTarget(loaded.database))).toBe(
    'postgres://me@db:5432/runs?schema=claude_runs',
  );
});

describe('replicas', () => {
  const block = 'type: postgres\nurl: postgres://me:hunter2@db/runs?sslmode=require\nreplicas:';

  test('are as the primary where their url says nothing else', async () => {
    const { database } = await loadYaml(
      `${block}\n  - postgres://standby:6432\n  - postgres://you:pw@other/copy?sslmode=disable`,
    );
    const target = readStoreTarget(database);
    expect(target).toMatchObject({
      replicas: [
        { host: 'standby', port: 6432, username: 'me', password: 'hunter2', database: 'runs' },
        {
          host: 'other',
          port: 5432,
          username: 'you',
          password: 'pw',
          database: 'copy',
          ssl: false,
        },
      ],
    });
    expect(target).toMatchObject({ replicas: [{ ssl: { rejectUnauthorized: true } }, {}] });
  });

  test('are shown without their passwords', async () => {
    const loaded = await loadYaml(`${block}\n  - postgres://you:hunter2@standby`);
    const [shown] = settingOf(loaded, 'replicas') ?? [];
    expect(shown).toEqual(['postgres://you:***@standby']);
    expect(JSON.stringify(loaded.settings)).not.toContain('hunter2');
  });

  test.each([
    ['replicas: postgres://standby', 'must be a list of urls, not a string'],
    ['replicas: [5]', 'has a url, number 1, that must be a string, not a number'],
    ['replicas: ["postgres://a", "mysql://b:hunter2@c"]', 'has a url, number 2, that must begin'],
  ])('%s is refused', async (line, problem) => {
    const { message } = await refusalOf(loadYaml(`type: postgres\ndatabase: runs\n${line}`));
    expect(message).toContain(`database.replicas ${problem}`);
    expect(message).not.toContain('hunter2');
  });
});
