import { sql } from 'kysely';
import { expect, test } from 'vitest';
import type { Database } from '../../src/store/database.ts';
import { findHistories } from '../../src/store/find-histories.ts';
import { moveTask } from '../../src/store/move-task.ts';
import {
  claimHeldTask,
  findClaim,
  findHeldTasks,
  findOrphanedAttempts,
  releaseAttempt,
  requestCancel,
} from '../../src/store/submitting.ts';
import { until } from '../support/until.ts';
import { connect, explain } from './explain.ts';
import { account, getTask, holdTask, openStore, owner } from './open-store.ts';
import { accepted, claimTask, moveOf, noAnswer, record, submitTask, takeLease } from './task-states.ts';

/** Lets the database's clock be the judge: the attempt looks as if it had begun so long ago. */
async function age(database: Database, id: string, seconds: number): Promise<void> {
  await sql`update task set submitting_since = submitting_since - make_interval(secs => ${seconds}) where id = ${id}`.execute(
    database,
  );
}

async function expireLease(database: Database): Promise<void> {
  await sql`update account_lease set expires_at = clock_timestamp() - interval '1 second'`.execute(database);
}

test('held tasks come oldest first, as many as fit, and only those of the kind and the account', async () => {
  await using store = await openStore();
  const { database } = store;
  const ids = [await holdTask(database), await holdTask(database), await holdTask(database)];
  await holdTask(database, { account: 'vendor/-/other' });
  await holdTask(database, { request: { kind: 'AUDIO', prompt: 'a song' } });
  await claimTask(database, ids[1] ?? '');
  expect(await findHeldTasks(database, account, { kind: 'IMAGE', limit: 10 })).toEqual({
    tasks: [
      { id: ids[0], owner, kind: 'IMAGE', shareGroup: owner },
      { id: ids[2], owner, kind: 'IMAGE', shareGroup: owner },
    ],
    isAll: true,
    held: 2,
  });
  expect(await findHeldTasks(database, account, { kind: 'IMAGE', limit: 1 })).toMatchObject({
    tasks: [{ id: ids[0] }],
    isAll: false,
    held: 2,
  });
});

test('owners share what fits, each with its oldest', async () => {
  await using store = await openStore();
  const { database } = store;
  const holdFor = async (of: string, count: number): Promise<string[]> => {
    const ids: string[] = [];
    for (let number = 0; number < count; number += 1) ids.push(await holdTask(database, { owner: of }));
    return ids;
  };
  const greedy = await holdFor('greedy', 12);
  const modest = await holdFor('modest', 2);
  const late = await holdFor('late', 1);
  const found = async (limit: number) => {
    const { tasks, isAll } = await findHeldTasks(database, account, { kind: 'IMAGE', limit });
    return { ids: tasks.map(({ id }) => id), isAll };
  };
  const inTurns = [greedy[0], modest[0], late[0], greedy[1], modest[1], ...greedy.slice(2)];
  expect(await found(6)).toEqual({ ids: inTurns.slice(0, 6), isAll: false });
  expect(await found(14)).toEqual({ ids: expect.arrayContaining(inTurns.slice(0, 12)), isAll: false });
  expect(await found(100)).toEqual({ ids: inTurns, isAll: true });
});

test('share groups share what fits, each with the oldest of its owners in turns', async () => {
  await using store = await openStore();
  const { database } = store;
  const holdFor = async (of: string, shareGroup: string, count: number): Promise<string[]> => {
    const ids: string[] = [];
    for (let number = 0; number < count; number += 1) ids.push(await holdTask(database, { owner: of, shareGroup }));
    return ids;
  };
  const [first, second] = [await holdFor('ada', 'tenant', 6), await holdFor('grace', 'tenant', 6)];
  const other = await holdFor('mary', 'mary', 3);
  const { tasks, isAll } = await findHeldTasks(database, account, { kind: 'IMAGE', limit: 6 });
  expect(isAll).toBe(false);
  expect(tasks.map(({ id }) => id)).toEqual([first[0], other[0], second[0], other[1], first[1], other[2]]);
  expect(tasks.map(({ shareGroup }) => shareGroup)).toEqual(['tenant', 'mary', 'tenant', 'mary', 'tenant', 'mary']);
  const everything = await findHeldTasks(database, account, { kind: 'IMAGE', limit: 100 });
  expect(everything).toMatchObject({ isAll: true, held: 15 });
  expect(new Set(everything.tasks.map(({ id }) => id))).toEqual(new Set([...first, ...second, ...other]));
});

test('a look among the tasks of 2,000 owners of 20 tenants goes from owner to owner by an index', async () => {
  await using store = await openStore();
  const { database } = store;
  await sql`insert into task (id, owner, share_group, account, kind, mode, state, status, created_at)
    select gen_random_uuid(), 'owner ' || number % 2000, 'tenant ' || number % 20, ${account}, 'IMAGE', 'TEXT_TO_IMAGE',
      'held', 'WAIT', now() from generate_series(1, 40000) as number`.execute(database);
  await sql`analyze task`.execute(database);
  const before = store.statements.length;
  const { tasks, isAll, held } = await findHeldTasks(database, account, { kind: 'IMAGE', limit: 1_000 });
  expect({ found: tasks.length, isAll, held }).toEqual({ found: 1_000, isAll: false, held: 40_000 });
  const [look] = store.statements.slice(before);
  if (look === undefined) throw new Error('Nothing was asked.');
  await using client = await connect(store.connection);
  const cost = await explain(client, look);
  expect(cost.wholeTables).not.toContain('task');
  // One for each owner, and three of its tasks.
  expect(cost.rows).toBeLessThan(20_000);
});

test('a claim counts the attempt, and shows nothing outside', async () => {
  await using store = await openStore();
  const { database } = store;
  const id = await holdTask(database);
  const before = await getTask(database, id);
  const claim = await claimHeldTask(database, id, await takeLease(database));
  expect(claim).toEqual({ taskId: id, attempt: 1, owner, request: before.request });
  expect(await getTask(database, id)).toEqual({ ...before, state: 'submitting' });
  expect(await findHistories(database, owner, [id])).toHaveLength(1);
});

test('of many claims at once, one gets the task', async () => {
  await using store = await openStore();
  const { database } = store;
  const id = await holdTask(database);
  const epoch = await takeLease(database);
  const claims = await Promise.all(Array.from({ length: 16 }, () => claimHeldTask(database, id, epoch)));
  expect(claims.filter((claim) => claim !== null)).toHaveLength(1);
});

test('a scheduler whose lease was taken over claims nothing', async () => {
  await using store = await openStore();
  const { database } = store;
  const id = await holdTask(database);
  const stale = await takeLease(database, 'the one that froze');
  await expireLease(database);
  const current = await takeLease(database, 'the one that took over');
  expect(current).toBeGreaterThan(stale);
  expect(await claimHeldTask(database, id, stale)).toBeNull();
  expect((await getTask(database, id)).state).toBe('held');
  // The control: only the epoch was in the way.
  expect(await claimHeldTask(database, id, current)).not.toBeNull();
});

test('a claim whose answer was lost is found by its epoch, until it is over', async () => {
  await using store = await openStore();
  const { database } = store;
  const id = await holdTask(database);
  const epoch = await takeLease(database);
  expect(await findClaim(database, id, epoch)).toBeNull();
  const attempt = await claimTask(database, id);
  expect(await findClaim(database, id, epoch)).toEqual(attempt);
  expect(await findClaim(database, id, epoch + 1n)).toBeNull();
  await releaseAttempt(database, attempt);
  expect(await findClaim(database, id, epoch)).toBeNull();
});

test('a claim that is being committed is waited for before anybody says that there is none', async () => {
  await using store = await openStore();
  const { database } = store;
  const id = await holdTask(database);
  const epoch = await takeLease(database);
  let finding: ReturnType<typeof findClaim> = Promise.resolve(null);
  let isFound = false;
  await database.transaction().execute(async (transaction) => {
    await claimHeldTask(transaction, id, epoch);
    finding = findClaim(database, id, epoch).finally(() => (isFound = true));
    await until(async () => {
      const { rows } = await sql`select from pg_stat_activity
        where datname = current_database() and wait_event_type = 'Lock'`.execute(database);
      return isFound || rows.length > 0;
    });
  });
  expect(await finding).toEqual({ taskId: id, attempt: 1 });
});

test('a released task waits again, and its next attempt has the next number', async () => {
  await using store = await openStore();
  const { database } = store;
  const id = await holdTask(database);
  const before = await getTask(database, id);
  const first = await claimTask(database, id);
  expect(await releaseAttempt(database, first)).toBe(true);
  expect(await getTask(database, id)).toEqual(before);
  const second = await claimTask(database, id);
  expect(second.attempt).toBe(2);
  // The first attempt is over: it takes back nothing of the second.
  expect(await releaseAttempt(database, first)).toBe(false);
  expect((await getTask(database, id)).state).toBe('submitting');
  expect(await releaseAttempt(database, second)).toBe(true);
});

test('the outcome of an attempt that was taken back moves nothing of the next', async () => {
  await using store = await openStore();
  const { database } = store;
  const id = await holdTask(database);
  const first = await claimTask(database, id);
  await releaseAttempt(database, first);
  const second = await claimTask(database, id);
  expect(await record(database, first, noAnswer)).toBeNull();
  expect(await record(database, first, accepted('4-AigcImage-1'))).toBeNull();
  // The control: only the attempt was in the way.
  expect(await record(database, second, accepted('4-AigcImage-1'))).toMatchObject({ id, revision: 2 });
});

test('a cancel that was asked for while a task is sent keeps it from being released or claimed', async () => {
  await using store = await openStore();
  const { database } = store;
  const id = await holdTask(database);
  expect(await requestCancel(database, owner, id)).toBe(false);
  const attempt = await claimTask(database, id);
  expect(await requestCancel(database, owner, id)).toBe(true);
  expect(await releaseAttempt(database, attempt)).toBe(false);
  expect((await getTask(database, id)).state).toBe('submitting');
  // A TaskId is recorded all the same.
  expect(await record(database, attempt, accepted('4-AigcImage-1'))).not.toBeNull();
  expect(await requestCancel(database, owner, id)).toBe(false);
});

test('a TaskId is recorded on a task that was already given up as unconfirmed', async () => {
  await using store = await openStore();
  const { database } = store;
  const id = await holdTask(database);
  const attempt = await claimTask(database, id);
  expect(await record(database, attempt, noAnswer)).toMatchObject({ revision: 2 });
  const ended = await getTask(database, id);
  expect(ended).toMatchObject({ state: 'ended', status: 'FAIL', failure: { code: 'SUBMISSION_UNCONFIRMED' } });
  expect(ended.endedAt).not.toBeNull();

  expect(await record(database, attempt, accepted('4-AigcImage-1'))).toMatchObject({ revision: 3 });
  expect(await getTask(database, id)).toMatchObject({
    state: 'submitted',
    status: 'WAIT',
    failure: null,
    endedAt: null,
    upstreamTaskId: '4-AigcImage-1',
    revision: 3,
  });
  const statuses = (await findHistories(database, owner, [id])).map(({ status }) => status);
  expect(statuses).toEqual(['WAIT', 'FAIL', 'WAIT']);
});

test('a TaskId is recorded on no task that ended in another way', async () => {
  await using store = await openStore();
  const { database } = store;
  const id = await holdTask(database);
  const attempt = await claimTask(database, id);
  const { error } = noAnswer.kind === 'unconfirmed' ? noAnswer : { error: null };
  if (error === null) throw new Error('There is no error.');
  await moveTask(database, id, moveOf(attempt, { kind: 'rejected', error }));
  expect(await record(database, attempt, accepted('4-AigcImage-1'))).toBeNull();
  expect(await getTask(database, id)).toMatchObject({ failure: { code: 'REJECTED' }, upstreamTaskId: null });
});

test('a TaskId that already stands for another task changes nothing, and is no reason to try for ever', async () => {
  await using store = await openStore();
  const { database } = store;
  const [first, second] = [await holdTask(database), await holdTask(database)];
  await submitTask(database, first, '4-AigcImage-1');
  const attempt = await claimTask(database, second);
  expect(await record(database, attempt, accepted('4-AigcImage-1'))).toBeNull();
  expect(await record(database, attempt, accepted('4-AigcImage-2'))).not.toBeNull();
});

test('orphans are found by their age in database time, in one account, in any term', async () => {
  await using store = await openStore();
  const { database } = store;
  const [young, old, released] = [await holdTask(database), await holdTask(database), await holdTask(database)];
  for (const id of [young, old, released]) await claimTask(database, id);
  await age(database, young, 19);
  await age(database, old, 21);
  await age(database, released, 21);
  await releaseAttempt(database, { taskId: released, attempt: 1 });
  expect(await findOrphanedAttempts(database, account, 20_000)).toEqual([{ taskId: old, attempt: 1 }]);
  expect(await findOrphanedAttempts(database, 'vendor/-/other', 20_000)).toEqual([]);
  // The control: the young one is as orphaned, only not yet as old.
  await age(database, young, 2);
  expect(await findOrphanedAttempts(database, account, 20_000)).toHaveLength(2);
});
