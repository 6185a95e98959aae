import { sql } from 'kysely';
import { expect, test } from 'vitest';
import type { Followed } from '../../src/domain/task/following.ts';
import { recordProgress } from '../../src/store/progress.ts';
import { getTask, holdTask, openStore } from './open-store.ts';
import { getFollowed, submitTask } from './task-states.ts';

const at = (seconds: number): Date => new Date(Date.UTC(2026, 0, 15, 12, 0, seconds));

async function openFollowed(count: number) {
  const store = await openStore();
  const followed: Followed[] = [];
  for (let number = 0; number < count; number += 1) {
    const id = await holdTask(store.database);
    await submitTask(store.database, id, `4-AigcImage-${number}`);
    followed.push(await getFollowed(store.database, id));
  }
  store.statements.length = 0;
  return { ...store, followed };
}

test('the polls of many tasks are recorded in one statement', async () => {
  await using store = await openFollowed(30);
  const polled = store.followed.map((followed, number) => ({
    ...followed,
    unrecordedPolls: number,
    lastPolledAt: at(number),
    lastUnfinishedAt: number % 2 === 0 ? at(number) : null,
    missingCount: number % 3,
    missingSince: number % 3 === 0 ? null : at(number - 1),
  }));
  await recordProgress(store.database, polled);
  expect(store.statements).toHaveLength(1);
  for (const expected of polled.slice(1)) {
    const recorded = await getFollowed(store.database, expected.task.id);
    expect(recorded).toMatchObject({ ...expected, unrecordedPolls: 0 });
    expect((await getTask(store.database, expected.task.id)).pollCount).toBe(expected.unrecordedPolls);
  }
  const [unpolled] = store.followed;
  expect(await getFollowed(store.database, unpolled?.task.id ?? '')).toEqual(unpolled);
});

test('nothing to record is no statement', async () => {
  await using store = await openFollowed(1);
  await recordProgress(store.database, []);
  await recordProgress(store.database, store.followed);
  expect(store.statements).toEqual([]);
});

test('polls add up, and an older look takes nothing back', async () => {
  await using store = await openFollowed(1);
  const [followed] = store.followed;
  if (followed === undefined) throw new Error('Nothing is followed.');
  const look = (unrecordedPolls: number, lastPolledAt: Date, lastUnfinishedAt: Date | null) =>
    recordProgress(store.database, [{ ...followed, unrecordedPolls, lastPolledAt, lastUnfinishedAt }]);
  await look(3, at(10), at(10));
  await look(2, at(5), null);
  const recorded = await getTask(store.database, followed.task.id);
  expect(recorded).toMatchObject({ pollCount: 5, lastPolledAt: at(10), revision: 2 });
  expect(await getFollowed(store.database, followed.task.id)).toMatchObject({ lastUnfinishedAt: at(10) });
});

test('polls are updates in place: no index learns of them', async () => {
  await using store = await openFollowed(20);
  for (let round = 0; round < 10; round += 1) {
    await recordProgress(
      store.database,
      store.followed.map((followed) => ({ ...followed, unrecordedPolls: 1, lastPolledAt: at(round) })),
    );
  }
  // A backend tells its statistics when it is asked to.
  await sql`select pg_stat_force_next_flush()`.execute(store.database);
  const { rows } = await sql<{ updates: number; hot: number }>`
    select n_tup_upd::integer as updates, n_tup_hot_upd::integer as hot
    from pg_stat_user_tables where relname = 'task_progress'`.execute(store.database);
  expect(rows[0]?.updates).toBe(200);
  // An open transaction elsewhere can keep the space of one round from being used again.
  expect(rows[0]?.hot).toBeGreaterThanOrEqual(160);
});
