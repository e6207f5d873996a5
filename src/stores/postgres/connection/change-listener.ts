import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import type { ChangeWatch } from '../../../repository/run-store.ts';
import { quoteName } from './connection.ts';
import { streamOf } from './connection-pool.ts';

/** How long a notification may take. */
const ECHO_MS = 2_000;
/** Pauses between tries to listen again after the connection was lost. */
const FIRST_PAUSE_MS = 100;
const LONGEST_PAUSE_MS = 30_000;

/** What a listener needs of a store. */
export interface ListenerOptions {
  client: pg.ClientConfig;
  channel(): Promise<string>;
  /** Tells everybody on a channel something, on another connection. */
  tell(channel: string, payload: string): Promise<unknown>;
}

/**
 * Listens for changes that other processes tell of, on one connection of its own for all who follow. It
 * is live when it has heard what another connection told: a pooler that gives each transaction another
 * connection takes LISTEN and passes nothing on. Then, and while the connection is lost, followers look
 * by themselves.
 */
export class ChangeListener {
  readonly #options: ListenerOptions;
  readonly #wakes = new Set<() => void>();
  #stop = new AbortController();
  #listening: Promise<void> | undefined;
  #isLive = false;

  constructor(options: ListenerOptions) {
    this.#options = options;
  }

  /** Calls `wake` for each notification, until it is stopped. */
  watch(wake: () => void): ChangeWatch {
    this.#wakes.add(wake);
    this.#listening ??= this.#listen(this.#stop.signal);
    const isLive = () => this.#isLive;
    return {
      get isLive() {
        return isLive();
      },
      stop: () => {
        this.#wakes.delete(wake);
        if (this.#wakes.size === 0) void this.#end();
      },
    };
  }

  /** Ends the connection. */
  async close(): Promise<void> {
    this.#wakes.clear();
    await this.#end();
  }

  async #end(): Promise<void> {
    const listening = this.#listening;
    this.#listening = undefined;
    this.#stop.abort();
    this.#stop = new AbortController();
    await listening;
  }

  async #listen(stop: AbortSignal): Promise<void> {
    let pause = FIRST_PAUSE_MS;
    while (!stop.aborted) {
      const wasLive = await this.#listenOnce(stop);
      this.#isLive = false;
      // What was told meanwhile was not heard.
      for (const wake of this.#wakes) wake();
      pause = wasLive ? FIRST_PAUSE_MS : Math.min(2 * pause, LONGEST_PAUSE_MS);
      await sleep(pause, undefined, { signal: stop, ref: false }).catch(() => {});
    }
  }

  /** Listens on one connection until it ends; true when it was live. */
  async #listenOnce(stop: AbortSignal): Promise<boolean> {
    const client = new pg.Client(this.#options.client);
    const { promise: ended, resolve } = Promise.withResolvers<void>();
    const end = () => resolve();
    client.on('end', end).on('error', end);
    stop.addEventListener('abort', end);
    const echo = randomUUID();
    const heard = new Promise<boolean>((resolve) => {
      client.on('notification', ({ payload }) => {
        if (payload === echo) resolve(true);
        for (const wake of this.#wakes) wake();
      });
    });
    const listen = async () => {
      await client.connect();
      const channel = await this.#options.channel();
      await client.query(`LISTEN ${quoteName(channel)}`);
      await this.#options.tell(channel, echo);
    };
    try {
      // Whoever stops does not wait for a server that is silent.
      await Promise.race([listen(), ended]);
      const isHeard = await Promise.race([
        heard,
        ended.then(() => false),
        sleep(ECHO_MS, false, { ref: false }),
      ]);
      this.#isLive = isHeard && !stop.aborted;
      if (this.#isLive) await ended;
      return isHeard;
    } catch {
      // No connection, no right to listen, a store that closes: followers look by themselves.
      return false;
    } finally {
      stop.removeEventListener('abort', end);
      letGo(client);
    }
  }
}

/** Ends a connection without waiting for the server, which may be silent or gone. */
function letGo(client: pg.Client): void {
  client.end().catch(() => {});
  setTimeout(() => streamOf(client).destroy(), ECHO_MS).unref();
}
