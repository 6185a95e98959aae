import { Kysely, PostgresDialect, sql } from 'kysely';
import { Pool, type ClientConfig } from 'pg';
import type { Logger } from '../kit/logger.ts';

const connectionPatienceMs = 5_000;

/**
 * Does something on a connection of its own, on which a statement may take as long as it needs: neither this process nor the
 * server ends it. A wait for a lock ends after `lockTimeoutMs`, because all that come after would wait behind it.
 */
export async function withMigrationSession(
  connection: ClientConfig,
  lockTimeoutMs: number,
  logger: Logger,
  use: (session: Kysely<never>) => Promise<void>,
): Promise<void> {
  await using database = new Kysely<never>({ dialect: new PostgresDialect({ pool: createPool(connection, logger) }) });
  let isConnected = false;
  const used = database.connection().execute(async (session) => {
    isConnected = true;
    // The role or the database may have limits of their own.
    await sql`select set_config('statement_timeout', '0', false),
      set_config('idle_in_transaction_session_timeout', '0', false),
      set_config('lock_timeout', ${String(lockTimeoutMs)}, false)`.execute(session);
    await use(session);
  });
  await used.catch((cause: unknown) => {
    if (isConnected) throw cause;
    const error = cause instanceof Error ? cause.message : String(cause);
    throw new Error(`The database could not be reached to migrate it (DATABASE_LISTEN_URL, where set): ${error}`, {
      cause,
    });
  });
}

function createPool(connection: ClientConfig, logger: Logger): Pool {
  const pool = new Pool({
    ...connection,
    max: 1,
    query_timeout: 0,
    connectionTimeoutMillis: connectionPatienceMs,
    keepAlive: true,
    keepAliveInitialDelayMillis: 10_000,
    application_name: 'aigc-task-gateway migrations',
  });
  pool.on('error', (error) => logger.warn({ error: error.message }, 'The connection that migrates broke.'));
  // Without a listener, one that breaks in use would end the process, although its query rejects as well.
  pool.on('connect', (client) => client.on('error', () => {}));
  return pool;
}
