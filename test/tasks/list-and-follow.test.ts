import { expect, test } from 'vitest';
import type { ChangePlace } from '../../src/domain/task/change-place.ts';
import { RefetchRequiredError } from '../../src/domain/errors.ts';
import type { Task } from '../../src/domain/task/task.ts';
import { insertTask } from '../../src/store/insert-task.ts';
import { createImage, followChanges, listTasks } from '../support/documents.ts';
import { startTestGateway } from '../support/gateway.ts';
import { holdTask, newTask } from '../store/open-store.ts';
import { submitTask } from '../store/task-states.ts';
import { ada, openTasks, type TestTasks } from './open-tasks.ts';

/** The first events for a caller who follows from a place on. */
async function follow({ useCases }: TestTasks, after: ChangePlace, count: number): Promise<Task[]> {
  const changes = await useCases.watchTaskChanges(ada, {}, after);
  const seen: Task[] = [];
  for await (const { task } of changes) {
    seen.push(task);
    if (seen.length === count) break;
  }
  return seen;
}

test('a list and the changes after its place leave nothing out, whenever a change is committed', async () => {
  await using tasks = await openTasks();
  const { database, useCases } = tasks;
  const [before, moved] = [await holdTask(database), await holdTask(database)];
  const committedLate = newTask();
  const { place, tasks: listed } = await database.transaction().execute(async (open) => {
    await insertTask(open, committedLate);
    return await useCases.listTasks(ada, { first: 10 }, {});
  });
  expect(listed.map(({ id }) => id)).toEqual([moved, before]);
  const after = await holdTask(database);
  await submitTask(database, moved, '4-AigcImage-1');

  const seen = await follow(tasks, place, 3);
  const byId = new Map(seen.map((task) => [task.id, task]));
  for (const id of [committedLate.id, after]) expect(byId.get(id)?.revision).toBe(1);
  expect(byId.get(moved)?.revision).toBe(2);
});

test('a change between the subscription’s beginning and its first read comes once', async () => {
  await using tasks = await openTasks();
  const { database, useCases, dependencies } = tasks;
  const id = await holdTask(database);
  const { place } = await useCases.listTasks(ada, { first: 1 }, {});
  const changes = (await useCases.watchTaskChanges(ada, {}, place))[Symbol.asyncIterator]();
  await submitTask(database, id, '4-AigcImage-1');
  dependencies.announcer.changed({ id, owner: ada.owner, revision: 2 });
  const revisions = [];
  while (revisions.at(-1) !== 2) revisions.push((await changes.next()).value?.task.revision);
  expect(revisions).toEqual([...new Set(revisions)]);
  await changes.return?.();
});

test('an owner whose last seconds are full of changes can still follow from a list’s place on', async () => {
  await using tasks = await openTasks();
  const { database, useCases } = tasks;
  const before = (await useCases.listTasks(ada, { first: 1 }, {})).place;
  for (let hundred = 0; hundred < 12; hundred += 1) {
    await Promise.all(Array.from({ length: 100 }, () => holdTask(database)));
  }
  const { place } = await useCases.listTasks(ada, { first: 1 }, {});
  const after = await holdTask(database);
  expect((await follow(tasks, place, 1)).map(({ id }) => id)).toEqual([after]);
  // The control: so many after the place are too many.
  await expect(useCases.watchTaskChanges(ada, {}, before)).rejects.toThrow(RefetchRequiredError);
});

test('a caller who reads a list and follows it from there gets every end, over HTTP and WebSocket', async () => {
  await using gateway = await startTestGateway({ createWaitMs: 0 });
  const create = (prompt: string) => gateway.ask(createImage, { input: { prompt, idempotencyKey: prompt } });
  for (let number = 0; number < 5; number += 1) await create(`before ${number}`);
  const { tasks: list } = await gateway.ask(listTasks, { first: 50 });
  await create('after');
  const ended = new Set<string>();
  for (const node of list?.nodes ?? []) if (node.status === 'DONE') ended.add(node.prompt ?? '');
  for await (const { data } of gateway.watch(followChanges, { after: list?.changeCursor ?? null })) {
    const change = data?.taskChanges.task;
    if (change?.status === 'DONE') ended.add(change.prompt ?? '');
    if (ended.size === 6) break;
  }
  expect([...ended].toSorted()).toEqual(['after', ...[0, 1, 2, 3, 4].map((number) => `before ${number}`)]);
});
