import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdir, readFile, stat, truncate } from 'node:fs/promises';
import { join } from 'node:path';
import { sql } from 'kysely';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import type { DataTemplate } from '../../src/embedded-postgres/data-template.ts';
import { startEmbeddedPostgres } from '../../src/embedded-postgres/embedded-postgres.ts';
import { makeTemplate } from '../../src/embedded-postgres/make-template.ts';
import { silentLogger } from '../../src/kit/logger.ts';
import { recognizeDatabase } from '../../src/store/database-identity.ts';
import { createDatabase } from '../../src/store/database.ts';
import { migrate } from '../../src/store/migrate.ts';
import { createRecordingLogger } from '../support/recording-logger.ts';
import { createTemporaryDirectory } from '../support/temporary-directory.ts';

const program = `
  const [, launcher, logger, directory, file] = process.argv;
  const { startEmbeddedPostgres } = await import(launcher);
  const { silentLogger } = await import(logger);
  await startEmbeddedPostgres({ directory, logger: silentLogger, template: { file, content: () => 'as tested' } });
`;
const modules = ['embedded-postgres/embedded-postgres.ts', 'kit/logger.ts'].map(
  (path) => new URL(`../../src/${path}`, import.meta.url).href,
);

let place: Awaited<ReturnType<typeof createTemporaryDirectory>>;
let template: DataTemplate;
beforeAll(async () => {
  place = await createTemporaryDirectory();
  template = templateIn('template');
  await makeTemplate(template, 'gateway', (connection) => migrate(connection, silentLogger));
});
afterAll(() => place[Symbol.asyncDispose]());

function templateIn(name: string): DataTemplate {
  return { file: join(place.path, name), content: () => 'as tested' };
}

async function start(directory: string, from: DataTemplate = template, logger = silentLogger) {
  await using starting = new AsyncDisposableStack();
  const options = { directory: join(place.path, directory), logger, database: 'gateway', template: from };
  const server = starting.use(await startEmbeddedPostgres(options));
  const database = starting.use(createDatabase({ ...server.connection, max: 2 }, silentLogger));
  const running = starting.move();
  const one = async (query: ReturnType<typeof sql<{ value: unknown }>>) =>
    (await query.execute(database)).rows[0]?.value;
  return { database, one, [Symbol.asyncDispose]: () => running.disposeAsync() };
}

const systemOf = sql<{ value: unknown }>`select system_identifier as value from pg_control_system()`;
const tables = sql<{ value: unknown }>`select to_regclass('task')::text as value`;

test('a new folder begins as a private copy, migrated and with nothing secret in it', async () => {
  await using server = await start('copy');
  expect(await server.one(tables)).toBe('task');
  expect(await server.one(sql`select count(rolpassword)::int as value from pg_authid`)).toBe(0);
  const data = join(place.path, 'copy/data');
  expect((await stat(data)).mode & 0o777).toBe(0o700);
  for (const name of ['PG_VERSION', 'global/pg_control'])
    expect((await stat(join(data, name))).mode & 0o777).toBe(0o600);
  expect((await stat(data)).uid).toBe((await stat(join(data, 'postmaster.pid'))).uid);
});

test('two copies are two databases, also to what was dumped from the one and restored into the other', async () => {
  await using one = await start('one');
  await using other = await start('other');
  expect(await other.one(systemOf)).toEqual(await one.one(systemOf));
  for (const { database } of [one, other]) expect(await recognizeDatabase(database)).toBe(true);
  for (const { database } of [one, other]) expect(await recognizeDatabase(database)).toBe(false);

  const dumped = await one.database.selectFrom('database_identity').selectAll().executeTakeFirstOrThrow();
  await other.database.updateTable('database_identity').set(dumped).execute();
  expect(await recognizeDatabase(other.database)).toBe(true);
});

test('a copy that was killed half-way is no database, and the next start makes one', async () => {
  const directory = join(place.path, 'killed');
  const words = ['--input-type=module', '-e', program, ...modules, directory, template.file];
  const holder = spawn(process.execPath, words, { stdio: 'ignore' });
  const files = () => readdir(directory, { recursive: true }).catch(() => []);
  await vi.waitUntil(async () => (await files()).some((name) => name.startsWith('initdb-')), {
    interval: 1,
    timeout: 30_000,
  });
  holder.kill('SIGKILL');
  await once(holder, 'exit');
  expect(await readdir(directory)).not.toContain('data');
  await using server = await start('killed');
  expect(await server.one(tables)).toBe('task');
});

test('a template for another PostgreSQL or schema is not used', async () => {
  await using copy = await start('of-this');
  await using server = await start('of-another', { ...template, content: () => 'another' });
  expect(await server.one(tables)).toBeNull();
  expect(await server.one(systemOf)).not.toEqual(await copy.one(systemOf));
});

test('in place of a damaged template initdb makes the folder, and it is said', async () => {
  const damaged = templateIn('damaged');
  await makeTemplate(damaged, 'gateway', async () => {});
  await truncate(damaged.file, 100_000);
  const said: string[] = [];
  await using server = await start('despite', damaged, createRecordingLogger(said, 'warn'));
  expect(await server.one(tables)).toBeNull();
  expect(said).toEqual(['the data folder that was made ahead can not be read: initdb makes one']);
  expect(await readFile(join(place.path, 'despite/data/postgresql.conf'), 'utf8')).not.toContain('gateway.data_folder');
});
