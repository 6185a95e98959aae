import { sql } from 'kysely';
import { expect, test } from 'vitest';
import { createDatabase, statementTimeoutMs, type Database } from '../../src/store/database.ts';
import { silentLogger } from '../../src/kit/logger.ts';
import { openDatabase } from '../../src/store/open-database.ts';
import { statementLimits, warnOfMissingLimits } from '../../src/store/statement-limits.ts';
import { createTestDatabase } from '../support/database.ts';
import { createRecordingLogger } from '../support/recording-logger.ts';
import { createTemporaryDirectory } from '../support/temporary-directory.ts';
import { connect } from './explain.ts';
import { holdTask, openStore } from './open-store.ts';

async function limitsOf(database: Database): Promise<Record<string, string>> {
  const { rows } = await sql<{ name: string; setting: string }>`
    select name, setting from pg_settings where name = any(${Object.keys(statementLimits)}::text[])`.execute(database);
  return Object.fromEntries(rows.map(({ name, setting }) => [name, setting]));
}

const set = Object.fromEntries(Object.entries(statementLimits).map(([name, ms]) => [name, String(ms)]));
const unset = Object.fromEntries(Object.keys(statementLimits).map((name) => [name, '0']));

test('each session has the server’s limits, which act before the client gives up', async () => {
  await using testDatabase = await createTestDatabase();
  await using database = createDatabase(testDatabase.config, silentLogger);
  expect(await limitsOf(database)).toEqual(set);
  expect(statementLimits.statement_timeout).toBeLessThan(statementTimeoutMs);
  expect(statementLimits.lock_timeout).toBeLessThan(statementLimits.statement_timeout);
});

test('a session that is shared through a pooler is left as it is, and who runs it is told what its role lacks', async () => {
  await using testDatabase = await createTestDatabase();
  await using directory = await createTemporaryDirectory();
  const url = testDatabase.connectionString;
  const open = async (databaseListenUrl: string | null, warnings: string[]) =>
    await openDatabase(
      { databaseUrl: url, databaseListenUrl, dataDirectory: directory.path },
      createRecordingLogger(warnings, 'warn'),
    );
  const direct: string[] = [];
  await using ofDirect = await open(null, direct);
  expect(await limitsOf(ofDirect.callersDatabase)).toEqual(set);
  expect(direct).toEqual([]);

  const pooled: string[] = [];
  await using ofPooled = await open(url, pooled);
  for (const database of [ofPooled.database, ofPooled.callersDatabase, ofPooled.leaseDatabase])
    expect(await limitsOf(database)).toEqual(unset);
  expect(pooled.join()).toContain('its role sets no limits');
});

test('nothing is said where the role has limits', async () => {
  await using testDatabase = await createTestDatabase();
  await using store = createDatabase({ ...testDatabase.config, limits: null, max: 1 }, silentLogger);
  // As if by the role: a session of its own.
  for (const [name, ms] of Object.entries(statementLimits)) await sql.raw(`set ${name} = ${ms}`).execute(store);
  const warnings: string[] = [];
  await warnOfMissingLimits(store, createRecordingLogger(warnings, 'warn'));
  expect(warnings).toEqual([]);
});

/** What becomes of an update that waits for a row which another holds for longer than the client waits. */
async function updateBehindLock(limits: typeof statementLimits | null): Promise<{ error: string; attempt: number }> {
  await using store = await openStore();
  const id = await holdTask(store.database);
  await using holder = await connect(store.connection);
  await holder.query('begin');
  await holder.query('select from task where id = $1 for update', [id]);
  await using database = createDatabase({ ...store.connection, query_timeout: 300, limits }, silentLogger);
  const error = await sql`update task set attempt = 77 where id = ${id}`.execute(database).then(() => 'none', String);
  await holder.query('commit');
  await sql`select pg_sleep(0.1)`.execute(store.database);
  const { rows } = await sql<{ attempt: number }>`select attempt from task where id = ${id}`.execute(store.database);
  return { error, attempt: rows[0]?.attempt ?? 0 };
}

test('what was given up is not done later: the server’s limit comes first', async () => {
  const told = await updateBehindLock({ ...statementLimits, lock_timeout: 50 });
  expect(told).toEqual({ error: expect.stringContaining('lock timeout'), attempt: 0 });
});

test('the control: by the client’s limit alone, it is done when nobody waits any more', async () => {
  const told = await updateBehindLock(null);
  expect(told).toEqual({ error: expect.stringContaining('Query read timeout'), attempt: 77 });
});
