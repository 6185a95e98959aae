import { sql, type Kysely } from 'kysely';
import type { ClientBase } from 'pg';
import type { Logger } from '../kit/logger.ts';
import type { Tables } from './tables.ts';

/** How long a statement, its wait for a lock, and a pause within a transaction may take in the server. */
export type StatementLimits = Record<
  'lock_timeout' | 'statement_timeout' | 'idle_in_transaction_session_timeout',
  number
>;

/**
 * Below the client's limit, so that the server is the first to act, and longer than a transaction that stands still may
 * hold a lock (see insertWithinQuota).
 */
export const statementLimits: StatementLimits = {
  lock_timeout: 7_000,
  statement_timeout: 8_000,
  idle_in_transaction_session_timeout: 10_000,
};

/** It belongs to making the connection, and takes no longer than that. */
const settingMs = 5_000;

/**
 * For a new session. Not as start-up parameters, which PgBouncer refuses; and not where sessions are shared with others,
 * who would have them, too.
 */
export async function setLimits(client: ClientBase, limitsMs: StatementLimits): Promise<void> {
  const settings = Object.entries(limitsMs).map(([name, ms]) => `set ${name} = ${ms}`);
  const query = { text: settings.join('; '), query_timeout: settingMs };
  await client.query(query);
}

/** Behind a pooler only the role can have limits that hold for every statement: says so where it has none. */
export async function warnOfMissingLimits(database: Kysely<Tables>, logger: Logger): Promise<void> {
  const { rows } = await sql<{ name: string; role: string }>`
    select name, quote_ident(current_user) as role from pg_settings
    where name = any(${Object.keys(statementLimits)}::text[]) and setting = '0'`.execute(database);
  const limits = new Map(Object.entries(statementLimits));
  const advice = rows.map(({ name, role }) => `alter role ${role} set ${name} = '${limits.get(name)}ms';`);
  if (advice.length === 0) return;
  logger.warn(
    { advice },
    'DATABASE_URL leads through a pooler, and its role sets no limits: a statement that the gateway has given up may be ' +
      'committed later. Run this, and have the pooler connect again.',
  );
}
