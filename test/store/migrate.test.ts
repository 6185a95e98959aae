import { sql, type Kysely } from 'kysely';
import { Migrator } from 'kysely/migration';
import { pino } from 'pino';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { migrations as released } from '../../migrations/index.ts';
import { silentLogger, type Logger } from '../../src/kit/logger.ts';
import { createDatabase, type Database } from '../../src/store/database.ts';
import { createIndexConcurrently } from '../../src/store/index-concurrently.ts';
import { migrate, type MigrateOverrides } from '../../src/store/migrate.ts';
import type { Migration, Migrations } from '../../src/store/migration.ts';
import { createBareDatabase, type TestDatabase } from '../support/database.ts';
import { createFastClock } from '../support/fast-clock.ts';
import { until } from '../support/until.ts';

let bare: TestDatabase;
let database: Database;
beforeEach(async () => {
  bare = await createBareDatabase();
  database = createDatabase(bare.config, silentLogger);
});
afterEach(async () => {
  await database.destroy();
  await bare[Symbol.asyncDispose]();
});

const clock = createFastClock(100);

function run(migrations: Migrations, overrides: MigrateOverrides & { logger?: Logger } = {}): Promise<void> {
  const { logger = silentLogger, ...others } = overrides;
  return migrate(bare.config, logger, { migrations, clock, ...others });
}

/** A migration of one statement. */
function statement(text: string, others: Omit<Migration, 'up'> = {}): Migration {
  return { up: async (open) => void (await sql.raw(text).execute(open)), ...others };
}

const createTable = statement('create table thing (id integer)');

async function namesApplied(): Promise<string[]> {
  const { rows } = await sql<{ name: string }>`select name from kysely_migration order by name`.execute(database);
  return rows.map(({ name }) => name);
}

async function execute(text: string): Promise<unknown[]> {
  return (await sql.raw(text).execute(database)).rows;
}

/** Holds a lock on the table, as a long backup does, until it is disposed of. */
async function holdTable(): Promise<AsyncDisposable> {
  const { promise: over, resolve: release } = Promise.withResolvers<void>();
  const { promise: held, resolve: tellHeld } = Promise.withResolvers<void>();
  const holding = database.transaction().execute(async (open) => {
    await sql`lock table thing in access share mode`.execute(open);
    tellHeld();
    await over;
  });
  await held;
  return {
    async [Symbol.asyncDispose]() {
      release();
      await holding;
    },
  };
}

const logLine = z.object({ msg: z.string() });

function recordWarnings(): { logger: Logger; warnings: string[] } {
  const warnings: string[] = [];
  const write = (text: string): void => void warnings.push(logLine.parse(JSON.parse(text)).msg);
  return { logger: pino({ level: 'warn' }, { write }), warnings };
}

test('a migration may take longer than any other statement, here and in the server', async () => {
  await execute(`alter database ${bare.name} set statement_timeout = '20ms'`);
  const connection = { ...bare.config, query_timeout: 20 };
  const slow = statement('select pg_sleep(0.05)');
  await migrate(connection, silentLogger, { migrations: { '0001-slow': slow } });
  expect(await namesApplied()).toEqual(['0001-slow']);
  // The control: a statement of the gateway may not.
  await using limited = createDatabase(connection, silentLogger);
  await expect(sql`select pg_sleep(0.05)`.execute(limited)).rejects.toThrow(/timeout/);
});

describe('where a lock is missing', () => {
  const pending: Migrations = {
    '0001-table': createTable,
    '0002-column': statement('alter table thing add column name text'),
  };
  beforeEach(() => run({ '0001-table': createTable }));

  test('a migration is tried again until it gets it, and readers do not wait behind it', async () => {
    const { logger, warnings } = recordWarnings();
    const holder = await holdTable();
    const migrating = run(pending, { logger, lockTimeoutMs: 20 });
    await until(() => warnings.length > 2);
    // Behind the lock that is waited for, this one would wait for as long as the holder takes.
    await execute('select * from thing');
    await holder[Symbol.asyncDispose]();
    await migrating;
    expect(await namesApplied()).toEqual(['0001-table', '0002-column']);
    expect(new Set(warnings)).toEqual(new Set(['A migration did not get a lock; it is tried again.']));
  });

  test('it gives up after twenty tries, and says the cause', async () => {
    await using held = new AsyncDisposableStack();
    held.use(await holdTable());
    const impatient = { ...clock, sleep: async () => {} };
    await expect(run(pending, { clock: impatient, lockTimeoutMs: 5 })).rejects.toThrow(
      'The database could not be migrated: 0002-column failed: canceling statement due to lock timeout',
    );
    expect(await namesApplied()).toEqual(['0001-table']);
  });
});

test('a failure says its cause, keeps what was done before, and is gone on from', async () => {
  const good = { '0001-table': createTable, '0003-column': statement('alter table thing add column name text') };
  await expect(run({ ...good, '0002-broken': statement('alter table nothing add column name text') })).rejects.toThrow(
    'The database could not be migrated: 0002-broken failed: relation "nothing" does not exist',
  );
  expect(await namesApplied()).toEqual(['0001-table']);
  await run({ ...good, '0002-broken': statement('select 1') });
  expect(await namesApplied()).toEqual(['0001-table', '0002-broken', '0003-column']);
});

test('a database that can not be reached for it is told', async () => {
  const nowhere = { host: '127.0.0.1', port: 1 };
  await expect(migrate(nowhere, silentLogger)).rejects.toThrow(
    /^The database could not be reached to migrate it.*ECONNREFUSED/,
  );
});

/** A migration that is under way until it is let go on. */
function createSlow() {
  const { promise: begun, resolve: tellBegun } = Promise.withResolvers<void>();
  const { promise: over, resolve: goOn } = Promise.withResolvers<void>();
  let runs = 0;
  const up = async (open: Kysely<never>): Promise<void> => {
    runs += 1;
    tellBegun();
    await over;
    await createTable.up(open);
  };
  return { up, begun, goOn, runs: () => runs };
}

test('one that starts while another migrates waits for as long as it takes, says so, and finds all done', async () => {
  const slow = createSlow();
  const { logger, warnings } = recordWarnings();
  let pauses = 0;
  const counting = { ...clock, sleep: async () => void (pauses += 1) };
  const first = run({ '0001-slow': slow });
  await slow.begun;
  const second = migrate({ ...bare.config, query_timeout: 20 }, logger, {
    migrations: { '0001-slow': slow },
    clock: counting,
  });
  await until(() => pauses > 31);
  slow.goOn();
  await Promise.all([first, second]);
  expect(slow.runs()).toBe(1);
  expect(warnings.slice(0, 2)).toEqual(Array(2).fill('Another process migrates the database; waiting for it.'));
});

describe('an index that is built while the gateway runs', () => {
  const concurrently: Migration = {
    transaction: false,
    up: (open) => createIndexConcurrently(open, 'thing_by_id', 'on thing (id)'),
  };
  const isValid = async (): Promise<unknown> =>
    (await execute(`select indisvalid as valid from pg_index where indexrelid = 'thing_by_id'::regclass`))[0];

  test('is built beside a process that waits to migrate', async () => {
    const { promise: begun, resolve: tellBegun } = Promise.withResolvers<void>();
    const { promise: waits, resolve: tellWaits } = Promise.withResolvers<void>();
    const up = async (open: Kysely<never>): Promise<void> => {
      tellBegun();
      await waits;
      await concurrently.up(open);
    };
    const migrations = { '0001-table': createTable, '0002-index': { ...concurrently, up } };
    const first = run(migrations);
    await begun;
    const sleep: typeof clock.sleep = async (ms) => {
      tellWaits();
      await clock.sleep(ms);
    };
    await Promise.all([first, run(migrations, { clock: { ...clock, sleep } })]);
    expect(await isValid()).toEqual({ valid: true });
  });

  test('control: one that waits inside PostgreSQL would be waited for, and leaves an INVALID index, which is built anew', async () => {
    await run({ '0001-table': createTable });
    const { promise: over, resolve: release } = Promise.withResolvers<void>();
    const holding = database.connection().execute(async (open) => {
      await sql`select pg_advisory_lock(1)`.execute(open);
      await over;
      await sql`select pg_advisory_unlock(1)`.execute(open);
    });
    // Of this database: the server has others, whose tests hold locks of their own.
    const isThere = async (granted: boolean): Promise<boolean> => {
      const own = await execute(`select from pg_locks join pg_database on pg_database.oid = pg_locks.database
        where datname = current_database() and locktype = 'advisory' and granted = ${granted}`);
      return own.length > 0;
    };
    const waiting = until(() => isThere(true)).then(() => execute('select pg_advisory_lock(1)'));
    await until(() => isThere(false));
    await database.connection().execute(async (open) => {
      await sql`set lock_timeout = '30ms'`.execute(open);
      await expect(sql`create index concurrently thing_by_id on thing (id)`.execute(open)).rejects.toThrow(
        'lock timeout',
      );
    });
    release();
    await Promise.all([holding, waiting]);
    expect(await isValid()).toEqual({ valid: false });
    await run({ '0001-table': createTable, '0002-index': concurrently });
    expect(await isValid()).toEqual({ valid: true });
  });
});

test('outside a transaction, what was broken off is run again from its beginning', async () => {
  let runs = 0;
  const batches: Migration = {
    transaction: false,
    async up(open) {
      runs += 1;
      await sql`insert into thing (id) values (${runs}::integer)`.execute(open);
      if (runs === 1) throw new Error('broken off');
    },
  };
  const migrations = { '0001-table': createTable, '0002-batches': batches };
  await expect(run(migrations)).rejects.toThrow('0002-batches failed: broken off');
  await run(migrations);
  // What the first run had done stays done.
  expect(await execute('select id from thing order by id')).toEqual([{ id: 1 }, { id: 2 }]);
});

describe('a release on the schema of a newer one', () => {
  const older: Migrations = { '0001-table': createTable };
  const migrateNewer = (others: Omit<Migration, 'up'>): Promise<void> =>
    run({ ...older, '0002-newer': statement('alter table thing add column name text', others) });

  test('runs when the newer migration is compatible with one that it knows', async () => {
    await migrateNewer({ compatibleWith: '0001-table' });
    await run(older);
    expect(await namesApplied()).toEqual(['0001-table', '0002-newer']);
  });

  test.each([
    ['nothing is said', {}, '0002-newer'],
    ['it is compatible only with one that came later', { compatibleWith: '0001-later' }, '0001-later'],
  ])('is refused, in words, when %s', async (_case, others, needed) => {
    await migrateNewer(others);
    await expect(run(older)).rejects.toThrow(
      new RegExp(
        `^The database was migrated by release \\S+, and its migration 0002-newer leaves a schema that this release, \\S+, ` +
          `can't run on: it takes a release that knows ${needed}\\. Start release \\S+ or a later one, or restore the backup`,
      ),
    );
  });

  test('is refused also when the newer one migrates while it waits', async () => {
    await run(older);
    const slow = createSlow();
    const newer = run({ ...older, '0002-newer': { up: slow.up } });
    await slow.begun;
    const { logger, warnings } = recordWarnings();
    const late = run({ ...older, '0002-other': statement('select 1') }, { logger });
    await until(() => warnings.length > 0);
    await execute('drop table thing');
    slow.goOn();
    await newer;
    await expect(late).rejects.toThrow('0002-newer leaves a schema');
  });
});

/** As release 0.1.0 reads and writes which migrations there are. */
async function migrateAsFirstRelease(migrations: Migrations): Promise<unknown> {
  const { error } = await new Migrator({
    db: database,
    provider: { getMigrations: async () => migrations },
  }).migrateToLatest();
  return error;
}

test('what release 0.1.0 wrote down is gone on from, and it can read what is written down now', async () => {
  const first = Object.fromEntries(Object.entries(released).filter(([name]) => name < '0008'));
  expect(await migrateAsFirstRelease(first)).toBeUndefined();
  await migrate(bare.config, silentLogger);
  expect(await namesApplied()).toEqual(Object.keys(released));
  expect(await migrateAsFirstRelease(released)).toBeUndefined();
  // The control: it refuses a newer schema by itself.
  expect(await migrateAsFirstRelease(first)).toBeInstanceOf(Error);
});

describe('the released migrations', () => {
  const names = Object.keys(released);
  /** To release 0.2.0 one upgrades by stop, migrate, start: what is up to here need not be compatible with anything. */
  const lastOfStop = '0016';

  test('have names in order, each with a number of its own', () => {
    expect(names).toEqual(names.toSorted());
    expect(names.every((name) => /^\d{4}(-[a-z]+)+$/.test(name))).toBe(true);
    expect(new Set(names.map((name) => name.slice(0, 4))).size).toBe(names.length);
  });

  test('say what they are compatible with: an earlier one', () => {
    for (const [index, name] of names.entries()) {
      const { compatibleWith } = released[name] ?? {};
      if (compatibleWith === undefined) expect(name.slice(0, 4) <= lastOfStop).toBe(true);
      else expect(names.slice(0, index)).toContain(compatibleWith);
    }
  });
});
