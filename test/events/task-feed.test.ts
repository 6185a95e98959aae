import { sql } from 'kysely';
import { expect, test } from 'vitest';
import { systemClock, type Clock } from '../../src/kit/clock.ts';
import { silentLogger } from '../../src/kit/logger.ts';
import { createDatabase } from '../../src/store/database.ts';
import { recognizeDatabase } from '../../src/store/database-identity.ts';
import { migrate } from '../../src/store/migrate.ts';
import { createTestDatabase, startDisposablePostgres } from '../support/database.ts';
import { createManualClock } from '../support/manual-clock.ts';
import { startTcpProxy } from '../support/tcp-proxy.ts';
import {
  collect,
  hint,
  moveSilently,
  notify,
  owner,
  passTime,
  recordTask,
  startTestFeed,
  timersAtRest,
  until,
} from './test-feed.ts';

const isLast = (task: { state: string }): boolean => task.state === 'ended';

/** A database with some tasks, and a proxy through which a feed may listen. */
async function prepare({ tasks = 1 } = {}) {
  await using preparing = new AsyncDisposableStack();
  const { config } = preparing.use(await createTestDatabase());
  const database = preparing.use(createDatabase(config, silentLogger));
  await recognizeDatabase(database);
  const proxy = preparing.use(await startTcpProxy(config));
  const ids: string[] = [];
  for (let index = 0; index < tasks; index += 1) ids.push(await recordTask(database));
  const prepared = preparing.move();
  return {
    config,
    database,
    proxy,
    throughProxy: { ...config, host: '127.0.0.1', port: proxy.port },
    ids,
    id: ids[0] ?? '',
    [Symbol.asyncDispose]: () => prepared.disposeAsync(),
  };
}

test('hints that come doubled, out of order, of unknown tasks or unreadable do no harm', async () => {
  await using prepared = await prepare();
  const { database, config, id } = prepared;
  await using started = await startTestFeed(database, createManualClock(), config);
  const { states, ended } = collect(started.feed.subscribe({ owner, ids: [id], isLast }));
  await started.untilSettled();
  await until(() => states.length === 1);
  const readsBefore = started.reads.length;

  await moveSilently(database, id, 'RUN');
  await hint(
    database,
    [2, 1, 2, 2].map((revision) => ({ id, revision })),
  );
  await until(() => states.length === 2);
  await notify(database, 'nonsense :: a:b:c  1:2');
  await hint(database, [{ id: '018f0000-0000-7000-8000-000000000000', revision: 9, owner: 'nobody here' }]);
  await hint(database, [{ id, revision: 1 }]);
  await moveSilently(database, id, 'DONE');
  await hint(database, [{ id, revision: 3 }]);
  await ended;
  expect(states).toEqual([`${id} WAIT 1`, `${id} RUN 2`, `${id} DONE 3`]);
  expect(started.reads.slice(readsBefore)).toEqual([1, 1]);
});

test('a hint that was lost is made up for by the next look, 15 seconds later at most', async () => {
  await using prepared = await prepare({ tasks: 2 });
  const { database, config, ids, id } = prepared;
  const clock = createManualClock();
  await using started = await startTestFeed(database, clock, config);
  const one = collect(started.feed.subscribe({ owner, ids: [id], isLast }));
  const all = collect(started.feed.subscribe({ owner }));
  await started.untilSettled();
  await until(() => clock.sleepers() === timersAtRest && all.states.length === 2);
  for (const each of ids) await moveSilently(database, each, 'DONE');
  await passTime(clock, 14_999);
  expect([one.states.length, all.states.length]).toEqual([1, 2]);
  await clock.advance(1);
  await one.ended;
  await until(() => all.states.length === 4);
});

test.for(['terminated', 'silently dead'] as const)('what changes while the connection is %s is told', async (how) => {
  await using prepared = await prepare();
  const { database, throughProxy, proxy, id } = prepared;
  const clock = createManualClock();
  const pauses: number[] = [];
  const sleep: Clock['sleep'] = (ms, signal) => {
    pauses.push(ms);
    return clock.sleep(ms, signal);
  };
  await using started = await startTestFeed(database, { ...clock, sleep }, throughProxy);
  const { states, ended } = collect(started.feed.subscribe({ owner, ids: [id], isLast }));
  await started.untilSettled();
  await until(() => clock.sleepers() === timersAtRest && states.length === 1);

  const heartbeats = pauses.filter((ms) => ms === 5_000).length;
  if (how === 'silently dead') proxy.freeze();
  else
    await sql`select pg_terminate_backend(pid) from pg_stat_activity
    where datname = current_database() and application_name like '%listen'`.execute(database);
  await hint(database, [{ id, revision: await moveSilently(database, id, 'DONE') }]);
  if (how === 'silently dead') {
    // The heartbeat is sent, and its answer waited for.
    await clock.advance(5_000);
    await until(() => pauses.filter((ms) => ms === 5_000).length === heartbeats + 1);
    await clock.advance(4_999);
    expect(states).toHaveLength(1);
    await clock.advance(1);
  }
  const pauseBeforeConnectingMs = 100;
  await until(() => pauses.includes(pauseBeforeConnectingMs));
  await clock.advance(pauseBeforeConnectingMs);
  await ended;
  expect(states.at(-1)).toBe(`${id} DONE 2`);
  expect(proxy.accepted()).toBe(2);
});

test('a restart of the database loses nothing', async () => {
  await using server = await startDisposablePostgres();
  await using database = createDatabase(server.config, silentLogger);
  await migrate(server.config, silentLogger);
  await recognizeDatabase(database);
  const id = await recordTask(database);
  const clock: Clock = { ...systemClock, sleep: (ms, signal) => systemClock.sleep(ms / 50, signal) };
  await using started = await startTestFeed(database, clock, server.config);
  const { states, ended } = collect(started.feed.subscribe({ owner, ids: [id], isLast }));
  await started.untilSettled();
  await server.stop();
  await server.start();
  await moveSilently(database, id, 'DONE');
  await ended;
  expect(states).toEqual([`${id} WAIT 1`, `${id} DONE 2`]);
});

test('a thousand subscribers each get the last state, with one read for all hints of a moment', async () => {
  await using prepared = await prepare({ tasks: 100 });
  const { database, config, ids } = prepared;
  await using started = await startTestFeed(database, createManualClock(), config);
  const { feed, reads } = started;
  const watchers = Array.from({ length: 1_000 }, (_, index) =>
    collect(feed.subscribe({ owner, ids: [ids[index % 100] ?? ''], isLast })),
  );
  const lists = Array.from({ length: 10 }, () => collect(feed.subscribe({ owner })));
  expect(feed.subscribers).toBe(1_010);
  await started.untilSettled();
  await until(() => lists.every(({ states }) => states.length === 100));
  const readsBefore = reads.length;

  for (const id of ids) await moveSilently(database, id, 'DONE');
  await hint(
    database,
    ids.map((id) => ({ id, revision: 2 })),
  );
  await Promise.all(watchers.map(({ ended }) => ended));
  await until(() => lists.every(({ states }) => states.length === 200));
  expect(watchers.every(({ states }) => states.at(-1)?.endsWith('DONE 2'))).toBe(true);
  const read = reads.slice(readsBefore);
  // As many reads as notifications at most: what comes while one is under way shares the next.
  expect(read.length).toBeLessThanOrEqual(2);
  expect(read.reduce((sum, count) => sum + count, 0)).toBe(100);
  expect(feed.subscribers).toBe(10);
});

test('a read that fails is tried again until it works', async () => {
  await using prepared = await prepare();
  const { database, config, id } = prepared;
  const clock = createManualClock();
  await using started = await startTestFeed(database, clock, config);
  const { states, ended } = collect(started.feed.subscribe({ owner, ids: [id], isLast }));
  await started.untilSettled();
  await until(() => states.length === 1);
  const readsBefore = started.reads.length;

  await moveSilently(database, id, 'DONE');
  await sql`alter table task_progress rename to task_progress_away`.execute(database);
  await hint(database, [{ id, revision: 2 }]);
  for (let failure = 1; failure <= 3; failure += 1) {
    await until(() => started.reads.length === readsBefore + failure && clock.sleepers() === timersAtRest + 1);
    if (failure === 3) await sql`alter table task_progress_away rename to task_progress`.execute(database);
    await clock.advance(500);
  }
  await ended;
  expect(states.at(-1)).toBe(`${id} DONE 2`);
});

test('disposing ends every subscription, and does not wait for a connection that is silently dead', async () => {
  await using prepared = await prepare();
  const { database, throughProxy, proxy } = prepared;
  const clock = createManualClock();
  await using started = await startTestFeed(database, clock, throughProxy);
  const endings = Array.from({ length: 10 }, () => collect(started.feed.subscribe({ owner })).ended);
  await started.untilSettled();
  proxy.freeze();
  await started.feed[Symbol.asyncDispose]();
  await Promise.all(endings);
  expect(clock.sleepers()).toBe(0);
  expect(started.feed.subscribers).toBe(0);
});
