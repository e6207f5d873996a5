import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import type { TestServer } from '../../support/postgres/server.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

/** A way to a server that can go silent, as a network does whose packets vanish. */
export interface Relay {
  host: string;
  port: number;
  /** From now on nothing passes, and nobody is told. */
  silence(): void;
  /** From now on answers do not pass. */
  muffle(): void;
  /** What was held up passes, and so does everything after it. */
  resume(): void;
  /** Every connection is cut, and none can be made any more. */
  cut(): void;
}

/** Opens such a way for the test under way. */
export async function openRelay({ host, port }: Pick<TestServer, 'host' | 'port'>): Promise<Relay> {
  const sockets = new Set<Socket>();
  const answering = new Set<Socket>();
  let isSilent = false;
  let isMuffled = false;
  const pass = (from: Socket, to: Socket) => {
    sockets.add(from);
    from.on('data', (bytes) => to.write(bytes)).on('error', () => to.destroy());
    from.on('close', () => {
      sockets.delete(from);
      to.destroy();
    });
    if (isSilent) from.pause();
  };
  const server = createServer((client) => {
    const behind = connect(socketIn(host, port));
    pass(client, behind);
    pass(behind, client);
    answering.add(behind);
    if (isMuffled) behind.pause();
  });
  const folder = temporaryFolder();
  server.listen(socketIn(folder, port));
  await once(server, 'listening');
  const cut = () => {
    server.close();
    for (const socket of sockets) socket.destroy();
  };
  onTestFinished(cut);
  return {
    host: folder,
    port,
    silence() {
      isSilent = true;
      for (const socket of sockets) socket.pause();
    },
    muffle() {
      isMuffled = true;
      for (const socket of answering) socket.pause();
    },
    cut,
    resume() {
      isSilent = false;
      for (const socket of sockets) socket.resume();
    },
  };
}

function socketIn(folder: string, port: number): string {
  return join(folder, `.s.PGSQL.${port}`);
}
