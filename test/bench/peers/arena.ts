import { fileURLToPath } from 'node:url';
import { sql } from 'kysely';
import { z } from 'zod';
import { readConfig } from '../../../src/config/config.ts';
import { silentLogger } from '../../../src/kit/logger.ts';
import { openDatabase } from '../../../src/store/open-database.ts';
import { startGatewayProcess } from '../../support/gateway-process.ts';
import { createTemporaryDirectory } from '../../support/temporary-directory.ts';
import { localOwner, urlOf } from '../bench-gateway.ts';
import { startChild } from '../child.ts';
import { findPlaces, taskCount } from '../list-page.ts';
import { seedTasks } from '../seed-tasks.ts';
import { childrensCpuMs, parentOf } from './cpu.ts';
import { installIn } from './install.ts';

export type Server = { url: string; pid: number };

const servers = {
  mercurius: 'servers/mercurius/server.ts',
  leanYoga: 'servers/lean-yoga.ts',
  postgresJson: 'servers/postgres-json.ts',
};

/** One database, and servers in processes of their own that answer from the same rows. */
export type Arena = AsyncDisposable & {
  gateway: Server;
  /** Ids of tasks that are evenly spread over the list. */
  places: readonly string[];
  start(name: keyof typeof servers, ...flags: string[]): Promise<Server & Disposable>;
  /** CPU time of PostgreSQL's backends, in milliseconds. */
  postgresCpuMs(): Promise<number>;
};

export async function openArena(): Promise<Arena> {
  await using opening = new AsyncDisposableStack();
  await installIn(fileURLToPath(new URL('servers/mercurius', import.meta.url)));
  const { path } = opening.use(await createTemporaryDirectory());
  const opened = opening.use(await openDatabase(readConfig({ DATA_DIR: path }), silentLogger));
  const { database, listenConnection: connection } = opened;
  await seedTasks({ database, connection }, taskCount);
  const databaseUrl = urlOf(connection);
  // A folder of its own, as the embedded database's has its own holder.
  const directory = opening.use(await createTemporaryDirectory());
  const environment = { DATABASE_URL: databaseUrl, SUBMISSIONS: 'paused' };
  const gateway = opening.use(await startGatewayProcess(directory.path, environment));
  const { rows } = await sql<{ pid: number }>`select pg_backend_pid() as pid`.execute(database);
  const postmaster = await parentOf(rows[0]?.pid ?? Number.NaN);
  const places = await findPlaces({ database });
  const running = opening.move();
  return {
    gateway,
    places,
    async start(name, ...flags) {
      const commandLine = [databaseUrl, localOwner, ...flags];
      const child = startChild(new URL(servers[name], import.meta.url), commandLine, { NODE_ENV: 'production' });
      const url = z.string().parse(await child.call({}));
      return { url, pid: child.pid, [Symbol.dispose]: child[Symbol.dispose] };
    },
    postgresCpuMs: () => childrensCpuMs(postmaster),
    [Symbol.asyncDispose]: () => running.disposeAsync(),
  };
}
