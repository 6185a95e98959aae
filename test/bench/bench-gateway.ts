import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { PoolConfig } from 'pg';
import { readConfig } from '../../src/config/config.ts';
import { startGateway } from '../../src/gateway/gateway.ts';
import { silentLogger } from '../../src/kit/logger.ts';
import type { Database } from '../../src/store/database.ts';
import { openDatabase } from '../../src/store/open-database.ts';
import { formatConnectionString } from '../support/connection-string.ts';

export type BenchGateway = AsyncDisposable & {
  url: string;
  /** Connections of their own to the gateway's database. */
  database: Database;
  feedDatabase: Database;
  connection: PoolConfig;
  /** For another gateway beside it. */
  databaseUrl: string;
};

/** Whom a gateway without authentication takes everybody for. */
export const localOwner = 'local';

/** Not the gateway's own upstream account: its scheduler leaves the benchmark's tasks alone. */
export const benchAccount = 'benchmark';

/** The gateway as `npm start` runs it, on an embedded PostgreSQL that is as careful with the disk as ever. */
export async function startBenchGateway(): Promise<BenchGateway> {
  await using starting = new AsyncDisposableStack();
  const directory = await mkdtemp(join(tmpdir(), 'gateway-bench-'));
  starting.defer(() => rm(directory, { recursive: true, force: true }));
  const gateway = starting.use(await startBenchGatewayOn(directory));
  const running = starting.move();
  return { ...gateway, [Symbol.asyncDispose]: () => running.disposeAsync() };
}

/** The same on a folder that is there already. */
export async function startBenchGatewayOn(
  directory: string,
  environment: Record<string, string> = {},
): Promise<BenchGateway> {
  await using starting = new AsyncDisposableStack();
  const config = readConfig({
    PORT: '0',
    SANDBOX_PORT: '0',
    DATA_DIR: directory,
    LOG_LEVEL: 'silent',
    CREATE_WAIT_MS: '0',
    SUBMISSIONS: 'paused',
    ...environment,
  });
  const {
    database,
    feedDatabase,
    listenConnection: connection,
  } = starting.use(await openDatabase(config, silentLogger));
  const gateway = starting.use(await startGateway(config, { logger: silentLogger }));
  const running = starting.move();
  const databaseUrl = config.databaseUrl ?? urlOf(connection);
  return {
    url: gateway.url,
    database,
    feedDatabase,
    connection,
    databaseUrl,
    [Symbol.asyncDispose]: () => running.disposeAsync(),
  };
}

/** For a process of its own. */
export function urlOf({ host = '', port = 0, user = '', database = '', password }: PoolConfig): string {
  const secret = typeof password === 'string' ? { password } : {};
  return formatConnectionString({ host, port, user, database, ssl: false, ...secret });
}
