import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { silentLogger } from '../../src/kit/logger.ts';
import type { Connection } from '../../src/embedded-postgres/endpoint.ts';
import { startEmbeddedPostgres } from '../../src/embedded-postgres/embedded-postgres.ts';
import { formatConnectionString } from './connection-string.ts';

/** Nothing in a test's database is worth a wait for the disk. */
export const careless = { fsync: 'off', synchronous_commit: 'off', full_page_writes: 'off' };

export type DisposablePostgres = AsyncDisposable & {
  /** The same after every start. */
  config: Connection;
  connectionString: string;
  /** Ends all sessions and shuts down. */
  stop(): Promise<void>;
  start(): Promise<void>;
  /** As a standby does that takes over: the same folder goes on, on another timeline. */
  failOver(): Promise<void>;
  /** Freezes the server and every session: connections stay open, and nothing answers. Not on Windows. */
  pause(): Promise<void>;
  resume(): void;
};

/** A server of the test's own, running, with one empty database, for tests that take the database away. */
export async function startDisposablePostgres(): Promise<DisposablePostgres> {
  const directory = await mkdtemp(join(tmpdir(), 'gateway-disposable-'));
  const options = { directory, logger: silentLogger, settings: careless, database: 'gateway' };
  let server = await startEmbeddedPostgres(options);
  const config = server.connection;
  let paused: number[] = [];
  const resume = (): void => {
    for (const pid of paused.splice(0)) signal(pid, 'SIGCONT');
  };
  return {
    config,
    connectionString: formatConnectionString(config),
    stop: () => server.stop(),
    start: async () => {
      server = await startEmbeddedPostgres(options);
    },
    failOver: async () => {
      await server.stop();
      await writeFile(join(directory, 'data', 'standby.signal'), '');
      server = await startEmbeddedPostgres(options);
      await promote(config);
    },
    pause: async () => {
      paused = [await findPostmasterPid(directory), ...(await findSessionPids(config))];
      for (const pid of paused) signal(pid, 'SIGSTOP');
    },
    resume,
    [Symbol.asyncDispose]: async () => {
      resume();
      await server.stop();
      await rm(directory, { recursive: true, force: true });
    },
  };
}

async function promote(config: Connection): Promise<void> {
  const client = new pg.Client(config);
  await client.connect();
  try {
    await client.query('select pg_promote()');
  } finally {
    await client.end();
  }
}

async function findPostmasterPid(directory: string): Promise<number> {
  return Number.parseInt(await readFile(join(directory, 'data', 'postmaster.pid'), 'utf8'), 10);
}

async function findSessionPids(config: Connection): Promise<number[]> {
  const client = new pg.Client(config);
  await client.connect();
  try {
    const { rows } = await client.query<{ pid: number }>('select pid from pg_stat_activity');
    return rows.map(({ pid }) => pid);
  } finally {
    await client.end();
  }
}

function signal(pid: number, name: 'SIGSTOP' | 'SIGCONT'): void {
  try {
    process.kill(pid, name);
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'ESRCH')) throw error; // that session has ended
  }
}
