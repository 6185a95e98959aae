import { sql } from 'kysely';
import { expect, test } from 'vitest';
import { silentLogger } from '../../src/kit/logger.ts';
import { recognizeDatabase } from '../../src/store/database-identity.ts';
import { createDatabase } from '../../src/store/database.ts';
import { migrate } from '../../src/store/migrate.ts';
import { connect } from '../store/explain.ts';
import { startDisposablePostgres } from '../support/database.ts';
import { createManualClock } from '../support/manual-clock.ts';
import { collect, owner, passTime, recordTask, startTestFeed, timersAtRest, until } from './test-feed.ts';

/** As a statement of long ago would have written it: its time is not that of its commit. */
const end = (id: string) => `
  update task set state = 'ended', status = 'DONE', revision = revision + 1,
    updated_at = clock_timestamp() - interval '1 minute' where id = '${id}'`;

/** A list that is followed on a server of its own, with one task that was told. */
async function followList() {
  await using opening = new AsyncDisposableStack();
  const server = opening.use(await startDisposablePostgres());
  const database = opening.use(createDatabase(server.config, silentLogger));
  await migrate(server.config, silentLogger);
  await recognizeDatabase(database);
  const id = await recordTask(database);
  const clock = createManualClock();
  const started = opening.use(await startTestFeed(database, clock, server.config));
  const { states, ended } = collect(started.feed.subscribe({ owner }));
  let failure: string | null = null;
  ended.catch((error: unknown) => (failure = String(error)));
  const single = collect(started.feed.subscribe({ owner, ids: [id] }));
  await started.untilSettled();
  await until(() => clock.sleepers() === timersAtRest && states.length === 1);
  const open = opening.move();
  return {
    server,
    database,
    id,
    clock,
    states,
    /** Of the same task, to one who watches it alone. */
    single: single.states,
    failure: () => failure,
    /** Until the feed has looked once more. */
    async look(): Promise<void> {
      const before = started.looks();
      await passTime(clock, 15_000);
      await until(() => started.looks() > before);
    },
    [Symbol.asyncDispose]: () => open.disposeAsync(),
  };
}

test(
  'an end whose commit waited for a standby is told when it is there, however late',
  { timeout: 30_000 },
  async () => {
    await using list = await followList();
    const { server, database, id, states } = list;
    await sql`alter system set synchronous_standby_names = 'away'`.execute(database);
    await sql`select pg_reload_conf()`.execute(database);
    await until(async () => {
      const { rows } = await sql<{
        value: string;
      }>`select current_setting('synchronous_standby_names') as value`.execute(database);
      return rows[0]?.value !== '';
    });
    await using writer = await connect(server.config);
    await writer.query('set synchronous_commit = on');
    const committing = writer.query(end(id));
    await until(async () => {
      const { rows } = await sql`select from pg_stat_activity where wait_event = 'SyncRep'`.execute(database);
      return rows.length === 1;
    });
    await list.look();
    await list.look();
    expect(states).toHaveLength(1);
    await sql`alter system reset synchronous_standby_names`.execute(database);
    await sql`select pg_reload_conf()`.execute(database);
    await committing;
    await list.look();
    await until(() => states.length === 2);
    expect(states.at(-1)).toBe(`${id} DONE 2`);
  },
);

test('an end whose row was locked for long is told when it is there, however late', { timeout: 30_000 }, async () => {
  await using list = await followList();
  const { server, database, id, states } = list;
  await using holder = await connect(server.config);
  await using writer = await connect(server.config);
  await holder.query('begin');
  await holder.query(`select from task where id = '${id}' for update`);
  await writer.query('begin; select pg_current_xact_id()');
  const writing = writer.query(end(id));
  await until(async () => {
    const { rows } = await sql`select from pg_stat_activity where wait_event_type = 'Lock'`.execute(database);
    return rows.length === 1;
  });
  await list.look();
  await list.look();
  await holder.query('rollback');
  await writing;
  await writer.query('commit');
  await list.look();
  await until(() => states.length === 2);
  expect(states.at(-1)).toBe(`${id} DONE 2`);
});

test('when another server has taken over, lists are to be read again, and single tasks are', async () => {
  await using list = await followList();
  const { database, id, states, single, clock } = list;
  // What a fail-over leaves behind: the same rows, numbers of transactions that mean something else, and another timeline.
  await sql`update database_identity set fingerprint = 'another'`.execute(database);
  await sql.raw(end(id)).execute(database);
  await sql`truncate task_change`.execute(database);
  await sql`
    select pg_terminate_backend(pid) from pg_stat_activity where application_name like '%listen'`.execute(database);
  await until(() => clock.sleepers() === 2 && single.length === 1);
  await clock.advance(100);
  await until(() => list.failure() !== null && single.length === 2);
  expect(list.failure()).toContain('can not be replayed');
  expect([states.length, single.at(-1)]).toEqual([1, `${id} DONE 2`]);
});
