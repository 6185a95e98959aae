import { randomUUID } from 'node:crypto';
import pg from 'pg';
import { inject } from 'vitest';
import type { Connection } from '../../src/embedded-postgres/endpoint.ts';
import { formatConnectionString } from './connection-string.ts';

export { startDisposablePostgres, type DisposablePostgres } from './disposable-postgres.ts';

declare module 'vitest' {
  interface ProvidedContext {
    postgres: Connection;
  }
}

export const templateName = 'gateway_template';

export type TestDatabase = AsyncDisposable & {
  name: string;
  /** For `pg.Pool` and `createDatabase`. */
  config: Connection;
  /** For `DATABASE_URL`. */
  connectionString: string;
};

/** A migrated, empty database of its own on the run's server. It is dropped at the end, even if a client is still connected. */
export async function createTestDatabase(): Promise<TestDatabase> {
  return await cloneDatabase(templateName);
}

/** The same without any table. */
export async function createBareDatabase(): Promise<TestDatabase> {
  return await cloneDatabase('template1');
}

async function cloneDatabase(template: string): Promise<TestDatabase> {
  const name = `test_${randomUUID().replaceAll('-', '')}`;
  await administrate(`create database ${name} template ${template} strategy file_copy`);
  const config = { ...inject('postgres'), database: name };
  return {
    name,
    config,
    connectionString: formatConnectionString(config),
    [Symbol.asyncDispose]: () => administrate(`drop database if exists ${name} with (force)`),
  };
}

async function administrate(statement: string): Promise<void> {
  const client = new pg.Client({ ...inject('postgres'), database: 'postgres' });
  await client.connect();
  try {
    await client.query(statement);
  } finally {
    await client.end();
  }
}
