import { once } from 'node:events';
import { resolve } from 'node:path';
import { systemClock } from '../kit/clock.ts';
import type { Logger } from '../kit/logger.ts';
import type { DataTemplate } from './data-template.ts';
import type { Connection } from './endpoint.ts';
import { prepareServer } from './prepare-server.ts';
import { joinServer } from './presence.ts';
import { reachServer, type ReachedServer, type ServerOnFolder } from './reach-server.ts';
import { stopServer } from './stop-server.ts';

export { EmbeddedPostgresError } from './embedded-postgres-error.ts';

/** Before another try to start a server that could not be started. */
const pauseMs = 5_000;
/** Before a server that was adopted is started again: about four times what a start takes. */
const adoptedPauseMs = 2_000;

export type EmbeddedPostgres = AsyncDisposable & {
  /** Parameters for `pg.Pool` and `pg.Client`: a Unix socket, or on Windows a loopback port and a password. */
  connection: Connection;
  version: string;
  adopted: boolean;
  /** Stops the server unless another gateway uses it: the last one to leave stops it, which ends other sessions. */
  stop(): Promise<void>;
};

export type EmbeddedPostgresOptions = {
  /** A folder of its own, which is created, and made private to the server. */
  directory: string;
  logger: Logger;
  /** Server settings by name. An adopted server keeps those that it was started with. */
  settings?: Record<string, string>;
  database?: string;
  /** What a new folder is copied from. Without it, or if it was made for something else, initdb makes the folder. */
  template?: DataTemplate;
  /** Called once the server has its process, and takes its time to start. */
  whenLaunched?: () => void;
};

/**
 * Runs the PostgreSQL that comes with the gateway on the data in `directory`, or adopts one that already runs there: after
 * a gateway was killed, or beside another one. A server that dies is started again. Throws an EmbeddedPostgresError with
 * the reason and the ways out.
 */
export async function startEmbeddedPostgres(options: EmbeddedPostgresOptions): Promise<EmbeddedPostgres> {
  const { logger, settings = {}, database = 'postgres', whenLaunched } = options;
  const { folder, endpoint } = await prepareServer(resolve(options.directory), options.template, logger);
  const { password } = endpoint;
  const server: ServerOnFolder = {
    folder,
    settings: { ...settings, ...endpoint.settings },
    connectionTo: (address) => ({
      ...address,
      user: 'postgres',
      database: 'postgres',
      ...(password !== undefined && { password }),
      ssl: false,
    }),
    logger,
  };
  const reached = await reachServer(server, whenLaunched);
  const { connection, presence, adopted } = reached;
  const keeper = keepRunning(server, reached);
  let stopped: Promise<void> | undefined;
  const stop = (): Promise<void> => (stopped ??= keeper.release().then((last) => leaveServer(server, last)));
  try {
    await presence.ensureDatabase(database);
  } catch (error) {
    await stop();
    throw error;
  }
  logger.debug({ directory: folder.directory, version: presence.version, adopted }, 'embedded PostgreSQL is ready');
  return {
    connection: { ...connection, database },
    version: presence.version,
    adopted,
    stop,
    [Symbol.asyncDispose]: stop,
  };
}

type Keeper = {
  /** Stops restarting the server. Returns how it was last reached. */
  release(): Promise<ReachedServer>;
};

function keepRunning(server: ServerOnFolder, first: ReachedServer): Keeper {
  const { logger } = server;
  const releasing = new AbortController();
  const { signal } = releasing;
  const released = once(signal, 'abort');
  let last = first;
  async function keep(): Promise<void> {
    for (;;) {
      await Promise.race([last.presence.lost, released]);
      if (signal.aborted) return;
      logger.error('the embedded PostgreSQL is gone, and is started again');
      // The gateway that launched it goes first: servers that start at the same moment get in each other's way.
      if (last.adopted) await systemClock.sleep(adoptedPauseMs, signal).catch(() => {});
      for (let isReached = false; !isReached && !signal.aborted;) isReached = await reachAgain();
    }
  }
  async function reachAgain(): Promise<boolean> {
    try {
      last = await reachServer(server);
      logger.info({ adopted: last.adopted }, 'the embedded PostgreSQL runs again');
      return true;
    } catch (error) {
      logger.error({ err: error }, 'the embedded PostgreSQL could not be started, and is tried again');
      await systemClock.sleep(pauseMs, signal).catch(() => {});
      return false;
    }
  }
  const kept = keep();
  return {
    async release() {
      releasing.abort();
      await kept;
      return last;
    },
  };
}

/** If the presence was lost because sessions ended, checks anew whether other gateways are there. */
async function leaveServer({ folder, logger }: ServerOnFolder, { connection, presence }: ReachedServer): Promise<void> {
  const stopIt = (): Promise<void> => stopServer(folder, logger);
  try {
    await presence.leave(stopIt);
  } catch (error) {
    logger.warn({ err: error }, 'the embedded PostgreSQL could not be asked to stop, and is asked once more');
    const again = await joinServer(connection, logger).catch(() => undefined);
    await again?.leave(stopIt);
  }
}
