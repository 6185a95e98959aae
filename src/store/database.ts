import { Kysely, PostgresDialect } from 'kysely';
import { Pool, type PoolClient, type PoolConfig } from 'pg';
import { systemClock } from '../kit/clock.ts';
import type { Logger } from '../kit/logger.ts';
import { forgetRows } from '../kit/quoted-rows.ts';
import { createFairPool } from './fair-pool.ts';
import { timestampsByPosition } from './parse-timestamp.ts';
import { prepareMarked } from './prepared-statements.ts';
import { setLimits, statementLimits, type StatementLimits } from './statement-limits.ts';
import { createOutageLog, type OutageLog, type StatementObserver } from './outage-log.ts';
import type { Tables } from './tables.ts';

export type Database = Kysely<Tables>;

/**
 * How long an answer is waited for. The server's own limits end a statement before that: one that was given up here, and
 * went on there, would be committed later, when nobody tells of it any more.
 */
export const statementTimeoutMs = 10_000;

const connectionPatienceMs = 5_000;

export type PoolOptions = PoolConfig & {
  /** Set on each new session. null: none, as behind a pooler, where sessions are shared, and for migrations. */
  limits?: StatementLimits | null;
};

/** `outages` is told of what was answered: without callers it is this that tells the end of an outage. */
export function createDatabase(connection: PoolOptions, logger: Logger, outages?: OutageLog): Database {
  const observer = outages && { answered: outages.answered, failed: () => {} };
  return new Kysely<Tables>({ dialect: new PostgresDialect({ pool: createPool(connection, logger, observer) }) });
}

/** For what callers ask: connections go to owners in turns (see `createFairPool`). */
export function createCallersDatabase(
  connection: PoolOptions,
  logger: Logger,
  outages = createOutageLog(logger, systemClock),
): Database {
  const pool = createFairPool(createPool(connection, logger, outages), connectionPatienceMs, outages);
  return new Kysely<Tables>({ dialect: new PostgresDialect({ pool }) });
}

/** Connections that tell when they break, instead of ending the process. */
export function createPool(
  { limits = statementLimits, ...connection }: PoolOptions,
  logger: Logger,
  observer?: StatementObserver,
): Pool {
  const pool = new Pool({
    max: 16,
    connectionTimeoutMillis: connectionPatienceMs,
    query_timeout: statementTimeoutMs,
    application_name: 'aigc-task-gateway',
    keepAlive: true,
    types: timestampsByPosition,
    ...(limits && { onConnect: (client) => setLimits(client, limits) }),
    ...connection,
  });
  // Without a listener, an idle connection that breaks ends the process. While all are closed, the server may be faster.
  pool.on('error', (error) => {
    if (!pool.ending) logger.warn({ error: error.message }, 'An idle database connection broke.');
  });
  // So does one that breaks while it is in use, although whoever waits for its answer is told.
  pool.on('connect', (client) => client.on('error', () => {}));
  // Where sessions are shared with others, another one may hold a statement, or not hold it any more.
  if (limits !== null) pool.on('connect', prepareMarked);
  pool.on('connect', (client) => observeStatements(client, observer));
  return pool;
}

/** Before anybody else hears of a failure, what it quotes of rows is taken out of it. */
function observeStatements(client: PoolClient, observer: StatementObserver | undefined): void {
  const failed = (error: unknown): void => {
    forgetRows(error);
    endWhenStuck(client, error);
    observer?.failed(error);
  };
  client.query = new Proxy(client.query, {
    apply(query, self, parameters) {
      const asked: unknown = Reflect.apply(query, self, parameters);
      if (asked instanceof Promise) asked.then(observer?.answered, failed);
      return asked;
    },
  });
}

/**
 * A connection on which no answer came within `query_timeout` is ended. pg would keep it, and whatever is asked on it next
 * would wait behind the first question: in vain, where the network died without a word.
 */
function endWhenStuck(client: PoolClient, error: unknown): void {
  if (error instanceof Error && error.message === 'Query read timeout') void client.end();
}
