import { v7 as createId } from 'uuid';
import { expect, test } from 'vitest';
import { silentLogger } from '../../src/kit/logger.ts';
import { findWatched } from '../../src/store/task-watch.ts';
import { publishWatchInterest } from '../../src/tasks/watch-interest.ts';
import { holdTask } from '../store/open-store.ts';
import { endTask } from '../store/task-states.ts';
import { createManualClock } from '../support/manual-clock.ts';
import { until } from '../support/until.ts';
import { ada, grace, openTasks } from './open-tasks.ts';

test('of the ids that a caller watches, its own unfinished tasks alone are urgent, for as long as it watches', async () => {
  await using tasks = await openTasks();
  const { database, useCases, dependencies } = tasks;
  const { feed } = dependencies;
  const [own, ended, foreign] = [
    await holdTask(database),
    await holdTask(database),
    await holdTask(database, { owner: grace.owner }),
  ];
  await endTask(database, ended);
  const ids = [own, ended, foreign, createId(), 'not an id'];
  const changes = (await useCases.watchTaskChanges(ada, { ids }, null))[Symbol.asyncIterator]();
  const again = (await useCases.watchTaskChanges(ada, { ids: [own] }, null))[Symbol.asyncIterator]();
  expect(feed.urgentIds()).toEqual([own]);
  const status = (await useCases.watchTask(ada, ended))[Symbol.asyncIterator]();
  expect(feed.urgentIds()).toEqual([own]);
  await again.return?.();
  expect(feed.urgentIds()).toEqual([own]);
  await changes.return?.();
  await status.return?.();
  expect(feed.urgentIds()).toEqual([]);
});

test('a task that ends is not urgent any more, also while it is still watched', async () => {
  await using tasks = await openTasks();
  const { database, useCases, dependencies } = tasks;
  const id = await holdTask(database);
  const changes = (await useCases.watchTaskChanges(ada, { ids: [id] }, null))[Symbol.asyncIterator]();
  expect(dependencies.feed.urgentIds()).toEqual([id]);
  const revision = await endTask(database, id);
  dependencies.announcer.changed({ id, owner: ada.owner, revision });
  expect((await changes.next()).value?.task.status).toBe('FAIL');
  expect(dependencies.feed.urgentIds()).toEqual([]);
  await changes.return?.();
});

test('one owner has no more than so many urgent tasks, and takes none from another', { timeout: 30_000 }, async () => {
  await using tasks = await openTasks();
  const { database, useCases, dependencies } = tasks;
  const own = await Promise.all(Array.from({ length: 300 }, () => holdTask(database)));
  const foreign = await holdTask(database, { owner: grace.owner });
  const streams = await Promise.all([
    ...[0, 100, 200].map((begin) => useCases.watchTaskChanges(ada, { ids: own.slice(begin, begin + 100) }, null)),
    useCases.watchTaskChanges(grace, { ids: [foreign] }, null),
  ]);
  const urgent = dependencies.feed.urgentIds();
  expect(urgent).toHaveLength(201);
  expect(urgent).toContain(foreign);
  for (const stream of streams) await stream[Symbol.asyncIterator]().return?.();
});

test('invented ids are looked for once, and reach neither the feed nor the table of watches', async () => {
  await using tasks = await openTasks();
  const { database, useCases, dependencies, statements } = tasks;
  const id = await holdTask(database);
  const clock = createManualClock();
  await using cleanup = new AsyncDisposableStack();
  cleanup.use(publishWatchInterest(dependencies.feed, database, { clock, logger: silentLogger }));
  const { subscribe } = dependencies.feed;
  const subscribed: string[] = [];
  dependencies.feed.subscribe = (interest) => {
    subscribed.push(...(interest.ids ?? []));
    return subscribe(interest);
  };
  const streams = [];
  for (let stream = 0; stream < 50; stream += 1) {
    const ids = [...Array.from({ length: 99 }, () => createId()), ...(stream === 0 ? [id] : [])];
    statements.length = 0;
    streams.push(await useCases.watchTaskChanges(ada, { ids }, null));
    const asked = statements.filter(({ parameters }) => parameters.flat().includes(ids[0]));
    expect(asked).toHaveLength(1);
  }
  expect(subscribed).toEqual([id]);
  expect(dependencies.feed.urgentIds()).toEqual([id]);
  await until(() => clock.sleepers() === 1);
  await clock.advance(1_000);
  await until(async () => (await findWatched(database)).length > 0);
  expect(await findWatched(database)).toEqual([id]);
  for (const stream of streams) await stream[Symbol.asyncIterator]().return?.();
  expect(dependencies.feed.subscribers).toBe(0);
});

test('what is published are the urgent tasks that the database knows as unfinished; the others are not urgent', async () => {
  await using tasks = await openTasks();
  const { database, useCases, dependencies } = tasks;
  const [running, over] = [await holdTask(database), await holdTask(database)];
  const changes = await useCases.watchTaskChanges(ada, { ids: [running, over] }, null);
  // Nobody has told of its end.
  await endTask(database, over);
  await using cleanup = new AsyncDisposableStack();
  cleanup.use(publishWatchInterest(dependencies.feed, database, { clock: createManualClock(), logger: silentLogger }));
  await until(async () => (await findWatched(database)).length > 0);
  expect(await findWatched(database)).toEqual([running]);
  await until(() => dependencies.feed.urgentIds().length === 1);
  expect(dependencies.feed.urgentIds()).toEqual([running]);
  await changes[Symbol.asyncIterator]().return?.();
});
