import { join } from 'node:path';
import { sql } from 'kysely';
import type { ClientConfig } from 'pg';
import { type Clock, systemClock } from '../kit/clock.ts';
import type { ChangePlace } from '../domain/task/change-place.ts';
import type { Logger } from '../kit/logger.ts';
import { findPlace } from './change-place.ts';
import { recognizeDatabase } from './database-identity.ts';
import { createCallersDatabase, createDatabase, type Database, type PoolOptions } from './database.ts';
import { dataTemplate, embeddedDatabase } from './data-template.ts';
import { startEmbeddedPostgres } from '../embedded-postgres/embedded-postgres.ts';
import { migrate, type MigrateOverrides } from './migrate.ts';
import { warnOfMissingLimits } from './statement-limits.ts';
import { createOutageLog } from './outage-log.ts';

export type OpenDatabase = AsyncDisposable & {
  /** For the gateway's own work, which no caller can keep it from. */
  database: Database;
  /** For the lease alone: it is renewed in time, however busy the other connections are. */
  leaseDatabase: Database;
  /** For who may call. */
  accessDatabase: Database;
  /** For live updates. */
  feedDatabase: Database;
  /** The same database, for callers. */
  callersDatabase: Database;
  /** Where the database was when it was opened. */
  beginning: ChangePlace;
  /** For a connection that keeps its session. */
  listenConnection: ClientConfig;
  /** What it is, for a person; without user and password. */
  description: string;
};

/** Connections at most. */
const pools = { own: 8, lease: 2, access: 2, feed: 3, callers: 16 };

export type OpenDatabaseOptions = MigrateOverrides & {
  clock?: Clock;
  /** Called once the embedded database's server has a process of its own, or needs none: while it starts, this one is idle. */
  whenLaunched?: () => void;
};

/** The database of the configuration, migrated: a server's, or the embedded one's below the data directory. */
export async function openDatabase(
  options: { databaseUrl: string | null; databaseListenUrl: string | null; dataDirectory: string },
  logger: Logger,
  overrides: OpenDatabaseOptions = {},
): Promise<OpenDatabase> {
  await using opening = new AsyncDisposableStack();
  const { connection, listenConnection, place } =
    options.databaseUrl === null
      ? await startEmbedded(options.dataDirectory, logger, opening, overrides)
      : remote(options.databaseUrl, options.databaseListenUrl);
  overrides.whenLaunched?.();
  const isPooled = options.databaseUrl !== null && options.databaseListenUrl !== null;
  const connectionOf = (max: number): PoolOptions => ({ ...connection, max, ...(isPooled && { limits: null }) });
  const outages = createOutageLog(logger, overrides.clock ?? systemClock);
  const openPool = (max: number): Database => opening.use(createDatabase(connectionOf(max), logger, outages));
  const database = openPool(pools.own);
  const version = await serverVersion(database, place);
  await migrate(listenConnection, logger, overrides);
  if (isPooled) await warnOfMissingLimits(database, logger);
  await recognizeDatabase(database);
  const beginning = await findPlace(database);
  const opened = {
    leaseDatabase: openPool(pools.lease),
    accessDatabase: openPool(pools.access),
    feedDatabase: openPool(pools.feed),
    callersDatabase: opening.use(createCallersDatabase(connectionOf(pools.callers), logger, outages)),
  };
  const open = opening.move();
  return {
    ...opened,
    database,
    beginning,
    listenConnection,
    description: `PostgreSQL ${version}, ${place}`,
    [Symbol.asyncDispose]: () => open.disposeAsync(),
  };
}

const oldestMajor = 14;

async function startEmbedded(
  dataDirectory: string,
  logger: Logger,
  opening: AsyncDisposableStack,
  { migrations, whenLaunched }: OpenDatabaseOptions,
) {
  const server = await startEmbeddedPostgres({
    directory: join(dataDirectory, 'postgres'),
    logger,
    database: embeddedDatabase,
    ...(migrations === undefined && { template: dataTemplate }),
    ...(whenLaunched && { whenLaunched }),
  });
  const { connection } = opening.use(server);
  return { connection, listenConnection: connection, place: `embedded in ${join(dataDirectory, 'postgres')}` };
}

function remote(databaseUrl: string, databaseListenUrl: string | null) {
  const url = new URL(databaseUrl);
  return {
    connection: { connectionString: databaseUrl },
    listenConnection: { connectionString: databaseListenUrl ?? databaseUrl },
    place: `database ${url.pathname.slice(1)} at ${url.host}`,
  };
}

/** Throws what is wrong, in words for an operator, when it can't be reached or is too old. */
async function serverVersion(database: Database, place: string): Promise<string> {
  const { rows } = await sql<{ number: number; text: string }>`
    select current_setting('server_version_num')::integer as number, current_setting('server_version') as text`
    .execute(database)
    .catch((cause: unknown) => {
      throw new Error(`The ${place} can't be reached: ${cause instanceof Error ? cause.message : String(cause)}`, {
        cause,
      });
    });
  const { number = 0, text = 'unknown' } = rows[0] ?? {};
  if (number < oldestMajor * 10_000)
    throw new Error(`The ${place} is PostgreSQL ${text}; ${oldestMajor} or later is needed.`);
  return text;
}
