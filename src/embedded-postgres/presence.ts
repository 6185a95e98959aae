import { Socket } from 'node:net';
import pg from 'pg';
import type { Logger } from '../kit/logger.ts';
import type { Connection } from './endpoint.ts';

// An arbitrary number: nothing else takes advisory locks in the database `postgres`.
const presenceLock = 4_000;
const timeoutMs = 5_000;

/** Shows other gateways on a server that this one uses it, by a shared lock held over an open connection. */
export type Presence = {
  version: string;
  ensureDatabase(name: string): Promise<void>;
  /** Releases the lock, and calls `stopServer` if no other gateway is present. One that comes meanwhile has to wait. */
  leave(stopServer: () => Promise<void>): Promise<void>;
  /** Resolves once the connection has ended without `leave`: the server is gone, or has ended its sessions. */
  lost: Promise<void>;
};

/** Rejects when the server isn't ready, or is being stopped. `connection` names the database `postgres`. */
export async function joinServer(connection: Connection, logger: Logger): Promise<Presence> {
  const socket = new Socket();
  const client = new pg.Client({
    ...connection,
    stream: () => socket,
    connectionTimeoutMillis: timeoutMs,
    query_timeout: timeoutMs,
  });
  const warn = (error: Error): void => logger.warn({ err: error }, 'the embedded PostgreSQL closed its connection');
  client.on('error', () => undefined);
  try {
    await client.connect();
    await client.query('select pg_advisory_lock_shared($1)', [presenceLock]);
    const version = await findVersion(client);
    client.on('error', warn);
    const { promise: lost, resolve: lose } = Promise.withResolvers<void>();
    client.on('end', lose);
    socket.unref(); // being present keeps no process alive
    const leave = async (stopServer: () => Promise<void>): Promise<void> => {
      socket.ref();
      client.off('error', warn);
      client.off('end', lose);
      await leaveServer(client, stopServer);
    };
    return { version, ensureDatabase: (name) => ensureDatabase(client, name), leave, lost };
  } catch (error) {
    socket.destroy();
    throw error;
  }
}

async function findVersion(client: pg.Client): Promise<string> {
  const { rows } = await client.query<{ version: string }>(`select current_setting('server_version') as version`);
  return rows[0]?.version ?? '';
}

async function ensureDatabase(client: pg.Client, name: string): Promise<void> {
  const { rowCount } = await client.query('select from pg_database where datname = $1', [name]);
  if (rowCount) return;
  try {
    await client.query(`create database ${client.escapeIdentifier(name)}`);
  } catch (error) {
    const madeByAnother = error instanceof pg.DatabaseError && ['42P04', '23505'].includes(error.code ?? '');
    if (!madeByAnother) throw error;
  }
}

/**
 * Two that leave at once must not both find the other still there: each releases its own lock before it checks whether it
 * is alone, so that at least the later one finds that it is.
 */
async function leaveServer(client: pg.Client, stopServer: () => Promise<void>): Promise<void> {
  try {
    await client.query('select pg_advisory_unlock_shared($1)', [presenceLock]);
    const { rows } = await client.query<{ alone: boolean }>('select pg_try_advisory_lock($1) as alone', [presenceLock]);
    if (rows[0]?.alone) await stopServer();
  } finally {
    await client.end();
  }
}
