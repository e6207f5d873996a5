import { boolean, integer, text } from '../domain/field-readers.ts';
import type { JsonValue } from '../domain/json.ts';
import { DEFAULT_PLACES } from './default-places.ts';
import {
  isPostgresUrl,
  logging,
  type NamedStore,
  nameAlone,
  type OptionReader,
  path,
  postgresUrl,
  replicas,
  ssl,
  storeName,
  storeType,
} from './option-readers.ts';
import { withoutPassword } from './postgres-url.ts';
import { STORE_TYPES, type StoreType } from './store-type.ts';

/** The blocks of a configuration. One whose only option has its name is that option, without a block around it. */
export const BLOCKS = ['database', 'search', 'mirror'] as const;
/** The name of one of them. */
export type Block = (typeof BLOCKS)[number];

/** An option of a configuration. */
export interface ConfigurationOption {
  name: string;
  /** The block that it stands in; `database` where nothing is said. */
  block?: Block;
  /** The kinds of store that it is for, each with what holds where nothing is said; null for nothing. */
  defaults: Readonly<Partial<Record<StoreType, unknown>>>;
  read: OptionReader;
  /** Its value is a text, so that `5432` from an environment variable stays one. */
  isText?: true;
  /** It says nothing of the place, so that it holds for a store that is named elsewhere too. */
  isOfProgram?: true;
  /** It is or holds a secret: what stands in its place wherever it is shown. */
  hide?: (value: unknown) => JsonValue;
  /** One sentence for its users. */
  description: string;
}

/** Names of PostgreSQL have so many bytes at most. */
const LONGEST_NAME = 63;
const LONGEST_HOST = 255;

/** The kind of store where none is named. */
export const DEFAULT_TYPE: StoreType = 'sqlite';

/** The option that says which others there are. */
export const TYPE_OPTION: ConfigurationOption = {
  name: 'type',
  defaults: Object.fromEntries(STORE_TYPES.map((type) => [type, DEFAULT_TYPE])),
  read: storeType,
  isText: true,
  description: 'The kind of store: `sqlite`, `file`, `memory` or `postgres`.',
};

/**
 * Every option, in the order in which it is shown. Validation, the environment, `doctor` and the table
 * of docs/configuration.md are made from it. A name may stand twice, for different kinds of store, but
 * not in two blocks.
 */
export const OPTIONS: readonly ConfigurationOption[] = [
  TYPE_OPTION,
  {
    name: 'database',
    defaults: { sqlite: DEFAULT_PLACES.sqlite, file: DEFAULT_PLACES.file },
    read: path,
    isText: true,
    description: 'The file of the database, or the folder of run files.',
  },
  {
    name: 'url',
    defaults: { postgres: null },
    read: postgresUrl,
    isText: true,
    hide: (url) => withoutPassword(String(url)),
    description:
      'The place in one: `postgres://user:password@host:port/database`, and `?schema=` or `?sslmode=` where wanted. Its password is never shown.',
  },
  {
    name: 'host',
    defaults: { postgres: 'localhost' },
    read: nameAlone(LONGEST_HOST),
    isText: true,
    description: 'The name or the address of the server, or the folder of its socket.',
  },
  {
    name: 'port',
    defaults: { postgres: 5432 },
    read: integer(1, 65_535),
    description: 'The port of the server.',
  },
  {
    name: 'username',
    defaults: { postgres: null },
    read: text,
    isText: true,
    description: 'The user that connects.',
  },
  {
    name: 'password',
    defaults: { postgres: null },
    read: text,
    isText: true,
    hide: () => '***',
    description: 'The password of that user. It is never shown.',
  },
  {
    name: 'database',
    defaults: { postgres: null },
    read: nameAlone(LONGEST_NAME),
    isText: true,
    description: 'The database on the server. It must be given, here or in `url`.',
  },
  {
    name: 'schema',
    defaults: { postgres: 'claude_runs' },
    read: nameAlone(LONGEST_NAME),
    isText: true,
    description: 'The schema that the tables lie in.',
  },
  {
    name: 'ssl',
    defaults: { postgres: false },
    read: ssl,
    description:
      '`true` encrypts the connection and verifies the server, `{ rejectUnauthorized: false }` does not verify it.',
  },
  {
    name: 'synchronize',
    defaults: { sqlite: true, postgres: false },
    read: boolean,
    description: 'Whether opening the store applies pending schema migrations.',
  },
  {
    name: 'logging',
    defaults: { sqlite: false, postgres: false },
    read: logging,
    isOfProgram: true,
    description:
      "Which statements are written to standard error: `true` for all with their time, `['error']` for those that fail, or `false`.",
  },
  {
    name: 'poolSize',
    defaults: { postgres: 10 },
    read: integer(1),
    description: 'How many connections there are at most.',
  },
  {
    name: 'replicas',
    defaults: { postgres: [] },
    read: replicas,
    hide: (urls) => (urls as string[]).map(withoutPassword),
    description:
      'The urls of standbys that lists, searches and statistics are asked of: `["postgres://standby:5432"]`. What a url leaves out is as with the primary.',
  },
  {
    name: 'connectTimeoutMs',
    defaults: { postgres: 10_000 },
    read: integer(1, 600_000),
    description: 'How long reaching the server may take, in milliseconds.',
  },
  {
    name: 'statementTimeoutMs',
    defaults: { postgres: 600_000 },
    read: integer(1, 86_400_000),
    description: 'How long one statement may take, in milliseconds.',
  },
  {
    name: 'postgresEnglishIndex',
    block: 'search',
    defaults: { postgres: null },
    read: boolean,
    description:
      "Whether there is an index for `to_tsvector('english', prompt)` in your own SQL: `true` has `schema --apply` build it, `false` drop it. With it, bulk loading runs at 0.6 x its speed.",
  },
  {
    name: 'mirror',
    block: 'mirror',
    defaults: { sqlite: null, file: null, postgres: null },
    read: storeName,
    isText: true,
    hide: (named) => storeWithoutPassword((named as NamedStore).store),
    description:
      'A second store that `runledger mirror` keeps as this one is: `sqlite:./data/mirror.db`, `postgres://…`. Nothing is done by itself.',
  },
];

function storeWithoutPassword(store: string): string {
  return isPostgresUrl(store) ? withoutPassword(store) : store;
}

/** The names of the options, each once. */
export const OPTION_NAMES: readonly string[] = [...new Set(OPTIONS.map(({ name }) => name))];

/** The names of the options of a block, each once. */
export function namesIn(block: Block): string[] {
  return OPTION_NAMES.filter((name) => blockOf(name) === block);
}

/** The block that an option of that name stands in. */
export function blockOf(name: string): Block {
  return OPTIONS.find((option) => option.name === name)?.block ?? 'database';
}

/** Whether an option is a block by itself: `mirror: sqlite:./mirror.db`. */
export function isBlock(name: string): boolean {
  return name !== 'database' && blockOf(name) === name;
}

/** An option as files and errors name it: `database.port`. */
export function pathOfOption(name: string): string {
  return isBlock(name) ? name : `${blockOf(name)}.${name}`;
}

/** The option of that name for a kind of store; undefined where it is not for that kind. */
export function optionOf(name: string, type: StoreType): ConfigurationOption | undefined {
  return optionsOf(type).find((option) => option.name === name);
}

/** The options for a kind of store. */
export function optionsOf(type: StoreType): ConfigurationOption[] {
  return OPTIONS.filter(({ defaults }) => Object.hasOwn(defaults, type));
}

/** The kinds of store that have an option of that name. */
export function typesOf(name: string): StoreType[] {
  return STORE_TYPES.filter((type) => optionOf(name, type) !== undefined);
}
