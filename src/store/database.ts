import { Kysely, PostgresDialect } from 'kysely';
import { Pool, type PoolConfig } from 'pg';
import type { Logger } from '../logger.ts';
import type { Tables } from './tables.ts';

export type Database = Kysely<Tables>;

/** No statement of ours takes longer; what reads "changed since" looks this much further back for open transactions. */
export const statementTimeoutMs = 10_000;

export function createDatabase(connection: PoolConfig, logger: Logger): Database {
  const pool = new Pool({
    max: 16,
    connectionTimeoutMillis: 5_000,
    query_timeout: statementTimeoutMs,
    application_name: 'aigc-task-gateway',
    keepAlive: true,
    ...connection,
  });
  // Without a listener, an idle connection that breaks ends the process.
  pool.on('error', (error) => logger.warn({ error: error.message }, 'An idle database connection broke.'));
  return new Kysely<Tables>({ dialect: new PostgresDialect({ pool }) });
}
