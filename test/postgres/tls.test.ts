import { once } from 'node:events';
import { chownSync, statSync, writeFileSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { join } from 'node:path';
import { generate } from 'selfsigned';
import { describe, expect } from 'vitest';
import { runledger } from '../cli/support/program.ts';
import type { TestServer } from '../support/postgres/server.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { until } from '../support/until.ts';
import { ask, openOn, ownServer, serverTest } from './support/own-servers.ts';

/** What is asked of the server in every test. */
const COMMAND = ['stats', '--json', '--store'];

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

/** A server with a store that listens on 127.0.0.1, as on any network. */
async function networkServer(): Promise<TestServer> {
  const port = String(await freePort());
  const server = await ownServer({ listen_addresses: '127.0.0.1', port });
  await (await openOn(server)).close();
  return server;
}

/** Lets it encrypt, with a certificate for 127.0.0.1 alone. Gives the file of the certificate. */
async function encrypt(server: TestServer): Promise<string> {
  const altNames = [{ type: 7, ip: '127.0.0.1' }] as const;
  const { private: key, cert } = await generate([{ name: 'commonName', value: 'a test' }], {
    keySize: 2048,
    extensions: [
      { name: 'basicConstraints', cA: true },
      { name: 'subjectAltName', altNames: [...altNames] },
    ],
  });
  const folder = join(server.host, 'data');
  const { uid, gid } = statSync(folder);
  for (const [name, text] of [
    ['server.key', key],
    ['server.crt', cert],
  ] as const) {
    writeFileSync(join(folder, name), text, { mode: 0o600 });
    chownSync(join(folder, name), uid, gid);
  }
  await ask(server, 'ALTER SYSTEM SET ssl = on');
  await ask(server, 'SELECT pg_reload_conf()');
  await until(async () => (await ask<{ ssl: string }>(server, 'SHOW ssl')).ssl === 'on');
  const file = join(temporaryFolder(), 'authority.crt');
  writeFileSync(file, cert);
  return file;
}

describe('a connection that is encrypted', () => {
  const statsOf = (server: TestServer, ending: string, { host = '127.0.0.1', trusted = '' } = {}) =>
    runledger(
      [...COMMAND, `postgres://postgres@${host}:${server.port}/postgres?schema=runs${ending}`],
      { cwd: temporaryFolder(), env: { ...process.env, NODE_EXTRA_CA_CERTS: trusted } },
    );

  serverTest('is made where the certificate is trusted, and refused where it is not', async () => {
    const server = await networkServer();
    const trusted = await encrypt(server);
    const well = await statsOf(server, '&sslmode=verify-full', { trusted });
    expect(well).toMatchObject({ code: 0, stderr: '' });

    for (const refused of [
      await statsOf(server, '&sslmode=require'),
      // The certificate is trusted, and is one of another name.
      await statsOf(server, '&sslmode=verify-full', { trusted, host: 'localhost' }),
    ]) {
      expect(refused).toMatchObject({ code: 1, stdout: '' });
      expect(refused.stderr).toContain(
        "error: The server's certificate is not one that is trusted",
      );
      expect(refused.stderr).toContain('hint: Name its authority in NODE_EXTRA_CA_CERTS;');
    }

    const unverified = await statsOf(server, '&sslmode=no-verify');
    expect(unverified).toMatchObject({ code: 0 });
    expect(unverified.stderr).toContain('is not verified: rejectUnauthorized is false');
  });

  serverTest(
    'is refused by a server that does not encrypt, and asked for by one that does',
    async () => {
      const server = await networkServer();
      const plain = await statsOf(server, '&sslmode=require');
      expect(plain).toMatchObject({ code: 1, stdout: '' });
      expect(plain.stderr).toContain('error: The server does not encrypt connections');

      const trusted = await encrypt(server);
      const rules = join(server.host, 'data', 'pg_hba.conf');
      writeFileSync(rules, 'local all all trust\nhostssl all all all trust\n');
      await ask(server, 'SELECT pg_reload_conf()');
      const open = await statsOf(server, '', { trusted });
      expect(open).toMatchObject({ code: 1, stdout: '' });
      expect(open.stderr).toContain('error: The server refused the user');
      expect(open.stderr).toContain('no encryption');
      expect(await statsOf(server, '&sslmode=require', { trusted })).toMatchObject({ code: 0 });
    },
  );
});
