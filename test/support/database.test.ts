import pg from 'pg';
import { describe, expect, test } from 'vitest';
import { createTestDatabase } from './database.ts';
import { startDisposablePostgres } from './disposable-postgres.ts';

async function query(config: pg.ClientConfig, statement: string): Promise<unknown[]> {
  const client = new pg.Client(config);
  client.on('error', () => undefined);
  await client.connect();
  try {
    const { rows } = await client.query<Record<string, unknown>>(statement);
    return rows.flatMap((row) => Object.values(row));
  } finally {
    await client.end();
  }
}

describe('a test database', () => {
  test('is migrated, and nobody else writes into it', async () => {
    await using one = await createTestDatabase();
    await using other = await createTestDatabase();
    await query(one.config, 'create table mine ()');
    const findTables = `select to_regclass('task')::text as task, to_regclass('mine')::text as mine`;
    expect(await query(one.config, findTables)).toEqual(['task', 'mine']);
    expect(await query(other.config, findTables)).toEqual(['task', null]);
  });

  test('is reached by its URL too', async () => {
    await using database = await createTestDatabase();
    const { connectionString } = database;
    expect(new URL(connectionString).pathname).toBe(`/${database.name}`);
    expect(await query({ connectionString }, 'select current_database()')).toEqual([database.name]);
  });

  test('is gone at the end, even if a client is still connected', async () => {
    const database = await createTestDatabase();
    const client = new pg.Client(database.config);
    client.on('error', () => undefined);
    await client.connect();
    await database[Symbol.asyncDispose]();
    await expect(query(database.config, 'select 1')).rejects.toThrow(/does not exist/);
  });
});

describe('a disposable server', () => {
  test('can be stopped, started at the same address, frozen and thawed', async () => {
    await using server = await startDisposablePostgres();
    await query(server.config, 'create table kept ()');

    await server.stop();
    await expect(query(server.config, 'select 1')).rejects.toThrow(/ENOENT|ECONNREFUSED/);

    await server.start();
    expect(await query(server.config, 'select count(*)::int from kept')).toEqual([0]);

    await server.pause();
    const impatient = { connectionString: server.connectionString, connectionTimeoutMillis: 50 };
    await expect(query(impatient, 'select 1')).rejects.toThrow(/timeout/);

    server.resume();
    expect(await query(server.config, 'select 1')).toEqual([1]);
  });
});
