import { v7 as createId } from 'uuid';
import { expect, test } from 'vitest';
import { TaskNotFoundError } from '../../src/domain/errors.ts';
import type { Caller, Task } from '../../src/domain/task/task.ts';
import { holdTask } from '../store/open-store.ts';
import { endTask } from '../store/task-states.ts';
import { openTasks, type TestTasks } from './open-tasks.ts';

const owners = ['ada', 'grace', 'hedy', 'mary', 'rosalind'];
const tasksEach = 10;
const watchersEach = 100;

type Held = { caller: Caller; ids: string[] };
type Watcher = { id: string; stream: AsyncIterator<Task> };

async function holdTasks({ database }: TestTasks): Promise<Held[]> {
  const held = owners.map(async (owner) => {
    const ids = await Promise.all(Array.from({ length: tasksEach }, () => holdTask(database, { owner })));
    return { caller: { owner }, ids };
  });
  return await Promise.all(held);
}

/** All watchers of all owners, begun in one moment. */
async function startWatching({ useCases }: TestTasks, held: readonly Held[]): Promise<Watcher[]> {
  const starting = held.flatMap(({ caller, ids }) =>
    Array.from({ length: watchersEach }, async (_, number) => {
      const id = ids[number % tasksEach] ?? '';
      return { id, stream: (await useCases.watchTask(caller, id))[Symbol.asyncIterator]() };
    }),
  );
  return await Promise.all(starting);
}

const readsOfTasks = ({ statements }: TestTasks) => statements.filter(({ sql }) => sql.includes('"task_progress"'));

test('500 subscriptions of five owners that start together take two reads an owner, and each has its own task', async () => {
  await using tasks = await openTasks();
  const held = await holdTasks(tasks);
  tasks.statements.length = 0;
  const watchers = await startWatching(tasks, held);
  expect(watchers).toHaveLength(owners.length * watchersEach);
  expect(readsOfTasks(tasks).length).toBeLessThanOrEqual(owners.length * 2);
  const firsts = await Promise.all(watchers.map(({ stream }) => stream.next()));
  expect(firsts.map(({ value }) => value?.id)).toEqual(watchers.map(({ id }) => id));
  await Promise.all(watchers.map(async ({ stream }) => await stream.return?.()));
});

test('what changes while 500 subscriptions start reaches each of its watchers, once and in order', async () => {
  await using tasks = await openTasks();
  const { database, dependencies } = tasks;
  const held = await holdTasks(tasks);
  const starting = startWatching(tasks, held);
  const revisions = new Map<string, number>();
  for (const { caller, ids } of held) {
    for (const id of ids) {
      const revision = await endTask(database, id);
      revisions.set(id, revision);
      dependencies.announcer.changed({ id, owner: caller.owner, revision });
    }
  }
  const watchers = await starting;
  const seen = await Promise.all(
    watchers.map(async ({ id, stream }) => ({ id, revisions: await revisionsOf(stream) })),
  );
  for (const { id, revisions: own } of seen) {
    expect(own.at(-1)).toBe(revisions.get(id));
    expect(own).toEqual([...new Set(own)].toSorted((one, other) => one - other));
  }
});

test('foreign, unknown and malformed ids among those that start together are all not found', async () => {
  await using tasks = await openTasks();
  const [own, other] = await holdTasks(tasks);
  if (own === undefined || other === undefined) throw new Error('There are five owners.');
  const ids = [...own.ids, ...other.ids, createId(), 'malformed'];
  const started = await Promise.allSettled(ids.map((id) => tasks.useCases.watchTask(own.caller, id)));
  expect(started.map(({ status }) => status === 'fulfilled')).toEqual(ids.map((id) => own.ids.includes(id)));
  const reasons = started.flatMap((each) => (each.status === 'rejected' ? [each.reason] : []));
  expect(reasons.every((reason) => reason instanceof TaskNotFoundError)).toBe(true);
  for (const each of started) {
    if (each.status === 'fulfilled') await each.value[Symbol.asyncIterator]().return?.();
  }
  expect(tasks.dependencies.feed.subscribers).toBe(0);
});

test('lists that begin together, of some tasks or of all, take two reads of each sort an owner', async () => {
  await using tasks = await openTasks();
  const held = await holdTasks(tasks);
  tasks.statements.length = 0;
  const streams = await Promise.all(
    held.flatMap(({ caller, ids }) =>
      ids.flatMap((id) => [
        tasks.useCases.watchTaskChanges(caller, { ids: [id] }, null),
        tasks.useCases.watchTaskChanges(caller, {}, null),
      ]),
    ),
  );
  // The feed's own looks are among them.
  expect(tasks.statements.length).toBeLessThanOrEqual(owners.length * 6);
  await Promise.all(streams.map(async (stream) => await stream[Symbol.asyncIterator]().return?.()));
});

async function revisionsOf(stream: AsyncIterator<Task>): Promise<number[]> {
  const revisions: number[] = [];
  for (let next = await stream.next(); next.done !== true; next = await stream.next())
    revisions.push(next.value.revision);
  return revisions;
}
