import { expect, test } from 'vitest';
import type { Quota } from '../../src/domain/task/quota.ts';
import type { NewTask } from '../../src/domain/task/task.ts';
import { silentLogger } from '../../src/kit/logger.ts';
import { createDatabase, type Database } from '../../src/store/database.ts';
import { findTasksById } from '../../src/store/find-tasks.ts';
import { GroupRefusedError, insertTogether, type Written } from '../../src/store/insert-together.ts';
import { insertTask, insertWithinQuota } from '../../src/store/insert-task.ts';
import { connect } from './explain.ts';
import { getTask, newTask, openStore } from './open-store.ts';

const none: Quota = { tasksInFlight: null, createsPerMinute: null };
const roomFor = (limit: number): Quota => ({ ...none, tasksInFlight: limit });
const full = (limit: number) => ({ name: 'tasksInFlight', limit, used: limit });

const quotas: [string, Quota][] = [
  ['with a quota', roomFor(100)],
  ['without', none],
];

function insertAll(database: Database, quota: Quota, tasks: readonly NewTask[]): Promise<Written[]> {
  return Promise.all(tasks.map((task) => insertTogether(database, task, quota)));
}

function times(count: number, changes: (index: number) => Partial<NewTask> = () => ({})): NewTask[] {
  return Array.from({ length: count }, (_, index) => newTask(changes(index)));
}

function inserts({ statements }: { statements: readonly { sql: string }[] }): number {
  return statements.filter(({ sql }) => sql.includes('insert into "task"')).length;
}

test.each(quotas)(
  'creates at once are each answered with their own task, in few statements: %s',
  async (_name, quota) => {
    await using store = await openStore();
    const tasks = times(20, (index) => ({
      owner: `owner ${index % 3}`,
      warnings: [`warning ${index}`, 'with "quotes", {braces} and \\'],
      request: { kind: 'IMAGE', prompt: `prompt ${index} 🐱 '"\\`, operator: `user ${index}` },
      webhook: { url: 'https://example.com/hook', events: ['ENDED'] },
    }));
    const written = await insertAll(store.database, quota, tasks);
    expect(inserts(store)).toBe(2);
    for (const [index, task] of tasks.entries()) {
      const recorded = await getTask(store.database, task.id);
      expect(written[index]).toEqual({ recorded });
      expect(recorded).toMatchObject({
        owner: task.owner,
        request: task.request,
        warnings: task.warnings,
        revision: 1,
      });
    }
  },
);

test('a lone create waits for nobody: without a limit it is one statement', async () => {
  await using store = await openStore();
  await insertTogether(store.database, newTask(), none);
  expect(store.statements).toHaveLength(1);
});

test.each(quotas)('a key that is there twice in a group stands for its first task: %s', async (_name, quota) => {
  await using store = await openStore();
  const tasks = [newTask(), newTask({ idempotencyKey: 'key' }), newTask({ idempotencyKey: 'key' }), newTask()];
  const written = await insertAll(store.database, quota, tasks);
  expect(written.map((one) => typeof one)).toEqual(['object', 'object', 'string', 'object']);
  expect(written[2]).toBe('present');
  // The control: another owner's key is another one.
  const others = ['ada', 'grace'].map((owner) => newTask({ owner, idempotencyKey: 'other' }));
  for (const one of await insertAll(store.database, quota, others)) expect(one).toHaveProperty('recorded');
});

test('a group keeps quotas: each owner has its room, in order of arrival, and what is there already takes none', async () => {
  await using store = await openStore();
  await insertTask(store.database, newTask({ idempotencyKey: 'there' }));
  const [first, there, second, third, ofGrace] = [
    newTask(),
    newTask({ idempotencyKey: 'there' }),
    newTask(),
    newTask(),
    newTask({ owner: 'grace' }),
  ];
  const written = await insertAll(store.database, roomFor(3), [
    newTask({ owner: 'joan' }),
    first,
    there,
    second,
    third,
    ofGrace,
  ]);
  expect(written.slice(1)).toEqual([
    { recorded: expect.objectContaining({ id: first.id }) },
    'present',
    { recorded: expect.objectContaining({ id: second.id }) },
    full(3),
    { recorded: expect.objectContaining({ id: ofGrace.id }) },
  ]);
});

test('a quota that is exactly full in a group, through two processes, is not exceeded', async () => {
  await using store = await openStore();
  await using replica = createDatabase(store.connection, silentLogger);
  const written = await Promise.all([
    insertAll(store.database, roomFor(7), times(20)),
    insertAll(replica, roomFor(7), times(20)),
  ]);
  expect(written.flat().filter((one) => typeof one === 'object' && 'recorded' in one)).toHaveLength(7);
  expect(written.flat().filter((one) => one !== 'present')).toHaveLength(40);
});

test('a lock that is taken elsewhere delays its owner only, and is waited for on one connection', async () => {
  await using store = await openStore();
  await using replica = createDatabase(store.connection, silentLogger);
  const [inside, mayGoOn] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
  const elsewhere = insertWithinQuota(replica, newTask(), roomFor(100), async (open) => {
    inside.resolve();
    await mayGoOn.promise;
    return await insertTask(open, newTask());
  });
  await inside.promise;
  const tasks = times(40);
  const delayed = insertAll(store.database, roomFor(100), tasks);
  const others = await insertAll(
    store.database,
    roomFor(100),
    times(20, (index) => ({ owner: `owner ${index}` })),
  );
  for (const one of others) expect(one).toHaveProperty('recorded');
  expect(
    await findTasksById(
      store.database,
      tasks.map(({ id }) => id),
    ),
  ).toEqual([]);
  const more = insertAll(store.database, roomFor(100), times(5));
  mayGoOn.resolve();
  await elsewhere;
  for (const one of [...(await delayed), ...(await more)]) expect(one).toHaveProperty('recorded');
});

test('a key that is being recorded elsewhere does not hold a group up for long: each is to be tried alone', async () => {
  await using store = await openStore();
  await using other = await connect(store.connection);
  const key = newTask({ idempotencyKey: 'key' });
  await other.query('begin');
  await other.query(
    `insert into task (id, owner, account, kind, mode, state, status, idempotency_key, created_at)
      values (gen_random_uuid(), $1, $2, 'IMAGE', 'UNKNOWN', 'held', 'WAIT', 'key', now())`,
    [key.owner, key.account],
  );
  const [first, ...group] = await Promise.allSettled(
    [newTask(), key, newTask({ owner: 'grace' })].map((task) => insertTogether(store.database, task, none)),
  );
  expect(first).toMatchObject({ status: 'fulfilled' });
  for (const one of group) expect(one).toMatchObject({ status: 'rejected', reason: expect.any(GroupRefusedError) });
  await other.query('rollback');
});

test('of one owner’s many, another’s create does not wait for all', async () => {
  await using store = await openStore();
  const order: string[] = [];
  const insert = async (owner: string) => {
    await insertTogether(store.database, newTask({ owner }), none);
    order.push(owner);
  };
  const many = Array.from({ length: 200 }, () => insert('ada'));
  await Promise.all([...many, insert('grace')]);
  expect(order.indexOf('grace')).toBeLessThan(40);
});
