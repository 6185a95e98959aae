import { randomUUID } from 'node:crypto';
import { sql } from 'kysely';
import pg from 'pg';
import { expect, inject, test } from 'vitest';
import { silentLogger } from '../../src/kit/logger.ts';
import { findPlace } from '../../src/store/change-place.ts';
import { recognizeDatabase } from '../../src/store/database-identity.ts';
import { createDatabase, type Database } from '../../src/store/database.ts';
import { findChangesAfter } from '../../src/store/find-changes.ts';
import { migrate } from '../../src/store/migrate.ts';
import { openDatabase } from '../../src/store/open-database.ts';
import { formatConnectionString } from '../support/connection-string.ts';
import { startDisposablePostgres } from '../support/database.ts';
import { createTemporaryDirectory } from '../support/temporary-directory.ts';
import { getTask, holdTask, openStore } from './open-store.ts';

test('a database is recognized as the same, again and again', async () => {
  await using store = await openStore();
  const { database } = store;
  // Cloned from the template, which it is not.
  expect(await recognizeDatabase(database)).toBe(true);
  const place = await findPlace(database);
  await holdTask(database);
  expect(await recognizeDatabase(database)).toBe(false);
  expect((await findChangesAfter(database, place))?.changes).toHaveLength(1);
});

test('of replicas that start together on a copy, one gives it its new id', async () => {
  await using store = await openStore();
  const { database } = store;
  await holdTask(database);
  const renewed = await Promise.all(Array.from({ length: 5 }, () => recognizeDatabase(database)));
  expect(renewed.filter(Boolean)).toEqual([true]);
  expect(await countChanges(database)).toBe(0);
});

test('a copy under another name refuses the places of the original', async () => {
  await using store = await openStore();
  await recognizeDatabase(store.database);
  const place = await findPlace(store.database);
  const name = `test_${randomUUID().replaceAll('-', '')}`;
  await using copy = await copyDatabase(store.connection.database, name);
  expect(await findChangesAfter(copy.database, place)).not.toBeNull();
  expect(await recognizeDatabase(copy.database)).toBe(true);
  expect(await findChangesAfter(copy.database, place)).toBeNull();
  expect(await findChangesAfter(store.database, place)).not.toBeNull();
});

test('restored into a new server, a dump refuses the places of the old one, and tells changes of the new', async () => {
  await using store = await openStore();
  await recognizeDatabase(store.database);
  const id = await holdTask(store.database);
  await using server = await startDisposablePostgres();
  await using restored = createDatabase(server.config, silentLogger);
  await migrate(server.config, silentLogger);
  for (const table of ['task', 'task_progress', 'task_change', 'database_identity'])
    await copyRows(store.database, restored, table);
  const { database: oldId } = await findPlace(store.database);
  // Whatever numbers the new server has reached.
  const place = { database: oldId, snapshot: { xmax: 3n, underWay: [] } };
  expect(await findChangesAfter(restored, place)).not.toBeNull();

  expect(await recognizeDatabase(restored)).toBe(true);
  expect(await findChangesAfter(restored, place)).toBeNull();
  const before = await findPlace(restored);
  await sql`update task set revision = revision + 1 where id = ${id}`.execute(restored);
  expect((await findChangesAfter(restored, before))?.changes).toMatchObject([{ id, revision: 2 }]);
  expect((await getTask(restored, id)).revision).toBe(2);
});

test('a standby that took over refuses the places of before, at once', async () => {
  await using server = await startDisposablePostgres();
  await migrate(server.config, silentLogger);
  await using before = createDatabase(server.config, silentLogger);
  expect([await recognizeDatabase(before), await recognizeDatabase(before)]).toEqual([true, false]);
  const place = await findPlace(before);
  await server.failOver();
  await using after = createDatabase(server.config, silentLogger);
  expect(await findChangesAfter(after, place)).not.toBeNull();
  expect(await recognizeDatabase(after)).toBe(true);
  expect(await findChangesAfter(after, place)).toBeNull();
});

test('a gateway that opens a copy gives it its new id before anything is read', async () => {
  await using store = await openStore();
  const place = await findPlace(store.database);
  await using directory = await createTemporaryDirectory();
  const databaseUrl = formatConnectionString(store.connection);
  const options = { databaseUrl, databaseListenUrl: null, dataDirectory: directory.path };
  await using opened = await openDatabase(options, silentLogger);
  expect(opened.beginning.database).not.toBe(place.database);
  expect(await findChangesAfter(opened.database, place)).toBeNull();
});

test('a provider that keeps its system’s facts to itself is recognized by what is left', async () => {
  await using store = await openStore();
  const { database } = store;
  const role = `plain_${randomUUID().replaceAll('-', '')}`;
  const grants = [
    `create role ${role} login`,
    `grant all on all tables in schema public to ${role}`,
    'revoke execute on function pg_control_system() from public',
    'revoke execute on function pg_walfile_name(pg_lsn) from public',
  ];
  for (const grant of grants) await sql.raw(grant).execute(database);
  await using plain = createDatabase({ ...store.connection, user: role }, silentLogger);
  expect([await recognizeDatabase(plain), await recognizeDatabase(plain)]).toEqual([true, false]);
  await sql.raw(`drop owned by ${role}; drop role ${role}`).execute(database);
});

async function countChanges(database: Database): Promise<number> {
  return (await database.selectFrom('task_change').select('task_id').execute()).length;
}

async function copyDatabase(from: string, to: string) {
  const administrate = async (statement: string): Promise<void> => {
    const client = new pg.Client({ ...inject('postgres'), database: 'postgres' });
    await client.connect();
    await client.query(statement).finally(() => client.end());
  };
  const others = `select pg_terminate_backend(pid) from pg_stat_activity where datname = '${from}'`;
  await administrate(others);
  await administrate(`create database ${to} template ${from} strategy file_copy`);
  const database = createDatabase({ ...inject('postgres'), database: to }, silentLogger);
  return {
    database,
    async [Symbol.asyncDispose]() {
      await database.destroy();
      await administrate(`drop database ${to} with (force)`);
    },
  };
}

/** As a restore does: without the triggers, and without columns that PostgreSQL computes. */
async function copyRows(from: Database, to: Database, table: string): Promise<void> {
  const { rows: columns } = await sql<{ name: string }>`
    select column_name as name from information_schema.columns
    where table_name = ${table} and is_generated = 'NEVER'`.execute(from);
  const names = sql.join(columns.map(({ name }) => sql.ref(name)));
  const { rows } = await sql<{ rows: string }>`
    select coalesce(json_agg(it), '[]')::text as rows from ${sql.table(table)} as it`.execute(from);
  await to.transaction().execute(async (open) => {
    await sql`set local session_replication_role = replica`.execute(open);
    await sql`delete from ${sql.table(table)}`.execute(open);
    await sql`insert into ${sql.table(table)} (${names})
      select ${names} from json_populate_recordset(null::${sql.table(table)}, ${rows[0]?.rows}::json)`.execute(open);
  });
}
