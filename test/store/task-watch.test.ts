import { sql } from 'kysely';
import { expect, test } from 'vitest';
import type { Database } from '../../src/store/database.ts';
import { findWatched, forgetExpiredWatch, recordWatch } from '../../src/store/task-watch.ts';
import { connect } from './explain.ts';
import { holdTask, openStore } from './open-store.ts';
import { submitTask } from './task-states.ts';

const livesMs = 30_000;

test('only tasks that are there and have not ended are watched', async () => {
  await using store = await openStore();
  const { database } = store;
  const running = await holdTask(database);
  await submitTask(database, running, '4-AigcImage-1');
  const held = await holdTask(database);
  const ended = await holdTask(database);
  await sql`update task set state = 'ended', status = 'DONE' where id = ${ended}`.execute(database);
  const invented = '0198c0de-0000-7000-8000-000000000001';
  const recorded = await recordWatch(database, [ended, invented, held, running], livesMs);
  expect(recorded.toSorted()).toEqual([held, running].toSorted());
  expect((await findWatched(database)).toSorted()).toEqual([held, running].toSorted());
});

/** Two tasks, whose expired watches lie in the table in the opposite order of their ids. */
async function prepareWatches(database: Database): Promise<[string, string]> {
  const [one, other] = [await holdTask(database), await holdTask(database)].toSorted();
  if (one === undefined || other === undefined) throw new Error('No tasks.');
  for (const id of [other, one]) await recordWatch(database, [id], -1);
  return [one, other];
}

/** What a renewal of both that has come to the first, while expired ones are forgotten, comes to. */
async function renewWhile(forget: (database: Database) => Promise<unknown>): Promise<string[]> {
  await using store = await openStore();
  const { database } = store;
  const [one, other] = await prepareWatches(database);
  await using renewing = await connect(store.connection);
  const renew = (id: string) =>
    renewing.query(`update task_watch set until = clock_timestamp() + interval '30 s' where task_id = $1`, [id]);
  await renewing.query('begin');
  await renew(one);
  const forgetting = forget(database).then(
    () => 'forgotten',
    (error: unknown) => String(error),
  );
  await sql`select pg_sleep(0.05)`.execute(database);
  const renewed = await renew(other).then(
    () => 'renewed',
    (error: unknown) => String(error),
  );
  await renewing.query('commit').catch(() => {});
  return [await forgetting, renewed];
}

test('forgetting expired watches waits for no renewal, so that neither waits for the other', async () => {
  expect(await renewWhile(forgetExpiredWatch)).toEqual(['forgotten', 'renewed']);
});

test('the control: forgetting that waits comes to a deadlock', async () => {
  const told = await renewWhile((database) =>
    sql`delete from task_watch where until < clock_timestamp()`.execute(database),
  );
  expect(told.join(' ')).toContain('deadlock detected');
});

test('what has expired is forgotten, and nothing else', async () => {
  await using store = await openStore();
  const { database } = store;
  const [one, other] = await prepareWatches(database);
  await recordWatch(database, [other], livesMs);
  await forgetExpiredWatch(database);
  const { rows } = await sql<{ id: string }>`select task_id as id from task_watch`.execute(database);
  expect(rows).toEqual([{ id: other }]);
  expect(one).not.toBe(other);
});

test('replicas that watch the same tasks at once, in whatever order, don’t wait for each other in circles', async () => {
  await using store = await openStore();
  const ids: string[] = [];
  for (let number = 0; number < 60; number += 1) ids.push(await holdTask(store.database));
  const recordings = Array.from({ length: 12 }, (_, round) =>
    recordWatch(store.database, round % 2 === 0 ? ids : ids.toReversed(), livesMs),
  );
  await Promise.all(recordings);
  expect(await findWatched(store.database)).toHaveLength(ids.length);
});
