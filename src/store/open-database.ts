import { join } from 'node:path';
import { sql } from 'kysely';
import type { ClientConfig } from 'pg';
import { type Clock, systemClock } from '../clock.ts';
import type { Logger } from '../logger.ts';
import { createCallersDatabase, createDatabase, type Database } from './database.ts';
import { startEmbeddedPostgres } from './embedded-postgres.ts';
import { migrate } from './migrate.ts';
import { createOutageLog } from './outage-log.ts';

export type OpenDatabase = AsyncDisposable & {
  /** For the gateway's own work: the lease, the scheduler, who may call. No caller can keep it from that. */
  database: Database;
  /** The same database, for what callers ask. */
  callersDatabase: Database;
  /** For a connection that keeps its session. */
  listenConnection: ClientConfig;
  /** What it is, for a person; without user and password. */
  description: string;
};

/** Connections at most. */
const pools = { own: 8, callers: 16 };

/** The database of the configuration, migrated: a server's, or the embedded one's below the data directory. */
export async function openDatabase(
  options: { databaseUrl: string | null; databaseListenUrl: string | null; dataDirectory: string },
  logger: Logger,
  clock: Pick<Clock, 'monotonic'> = systemClock,
): Promise<OpenDatabase> {
  await using opening = new AsyncDisposableStack();
  const { connection, listenConnection, place } =
    options.databaseUrl === null
      ? await startEmbedded(options.dataDirectory, logger, opening)
      : remote(options.databaseUrl, options.databaseListenUrl);
  const outages = createOutageLog(logger, clock);
  const database = opening.use(createDatabase({ ...connection, max: pools.own }, logger, outages));
  const callersDatabase = opening.use(createCallersDatabase({ ...connection, max: pools.callers }, logger, outages));
  const version = await serverVersion(database, place);
  await migrate(database);
  const open = opening.move();
  return {
    database,
    callersDatabase,
    listenConnection,
    description: `PostgreSQL ${version}, ${place}`,
    [Symbol.asyncDispose]: () => open.disposeAsync(),
  };
}

const oldestMajor = 14;

async function startEmbedded(dataDirectory: string, logger: Logger, opening: AsyncDisposableStack) {
  const directory = join(dataDirectory, 'postgres');
  const { connection } = opening.use(await startEmbeddedPostgres({ directory, logger, database: 'gateway' }));
  return { connection, listenConnection: connection, place: `embedded in ${directory}` };
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
