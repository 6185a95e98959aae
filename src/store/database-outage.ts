import { DatabaseError } from 'pg';
import { TemporarilyUnavailableError } from '../domain/errors.ts';

/**
 * What became of a statement that met an outage. `undone`: it was not sent, or the server says that it undid it.
 * `in doubt`: its answer was lost, and it may have been committed.
 */
export type Outage = 'undone' | 'in doubt';

/** By class or code (SQLSTATE): connection exceptions, a server that stops or starts, and sessions that it ends. */
const lostSession = /^(08...|57P01|57P02|57P03|57P05|25P03|25P04)$/;
/** Not enough room or connections, a statement or a lock that took too long, and a server that only reads since a failover. */
const refusedForNow = /^(53...|57014|55P03|25006)$/;

/** pg has no class for these, only words. */
const wordsOfPg = new RegExp(
  [
    '^Connection terminated',
    '^Query read timeout$',
    '^timeout exceeded when trying to connect$',
    '^timeout expired$',
    '^Client (has encountered a connection error|was closed) and is not queryable$',
  ].join('|'),
);

const systemCodes = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'ECONNABORTED',
  'EPIPE',
  'ETIMEDOUT',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ENETDOWN',
]);

/** Before anything can be sent. */
const whileConnecting = new Set(['connect', 'getaddrinfo']);

/**
 * Whether an error of a statement is an outage of the database, and what that means for the statement; null for a mistake
 * in the statement or its data, which trying again would not change.
 */
export function outageOf(error: unknown): Outage | null {
  if (error instanceof TemporarilyUnavailableError) return 'undone';
  if (!(error instanceof Error)) return null;
  const code = 'code' in error ? String(error.code) : '';
  if (error instanceof DatabaseError) {
    if (refusedForNow.test(code)) return 'undone';
    return lostSession.test(code) ? 'in doubt' : null;
  }
  if ('syscall' in error && whileConnecting.has(String(error.syscall))) return 'undone';
  return systemCodes.has(code) || wordsOfPg.test(error.message) ? 'in doubt' : null;
}
