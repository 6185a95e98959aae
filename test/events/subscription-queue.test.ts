import { describe, expect, test } from 'vitest';
import type { FeedInterest, FoundTask } from '../../src/domain/task/feed.ts';
import type { Task } from '../../src/domain/task/task.ts';
import { createSubscriptionQueue, type SubscriptionQueue } from '../../src/events/subscription-queue.ts';
import { mapEach } from '../../src/kit/prompt-iterator.ts';
import { taskState } from './task-state.ts';

function createQueue(interest: Partial<FeedInterest> = {}, stored = new Map<string, Task>()) {
  const closed: string[] = [];
  const reads: string[] = [];
  const queue = createSubscriptionQueue(
    { owner: 'ann', ...interest },
    async (id) => {
      reads.push(id);
      const task = stored.get(id);
      return task === undefined ? null : { task, createdIn: null };
    },
    () => closed.push('closed'),
  );
  return { queue: ofTasks(queue), closed, reads };
}

/** The queue as its tasks alone. */
function ofTasks(queue: SubscriptionQueue) {
  const tasks = mapEach(queue, ({ task }) => task);
  return {
    offer: queue.offer.bind(queue),
    lacks: queue.lacks.bind(queue),
    reach: queue.reach.bind(queue),
    fail: queue.fail.bind(queue),
    beginAt: queue.beginAt.bind(queue),
    beUrgent: queue.beUrgent.bind(queue),
    [Symbol.dispose]: queue[Symbol.dispose].bind(queue),
    next: () => tasks.next(),
    return: () => tasks.return?.(),
    [Symbol.asyncIterator]: () => tasks,
  };
}

/** What the next `count` states are, as id@revision. */
async function take(queue: Pick<AsyncIterator<Task, undefined, undefined>, 'next'>, count: number): Promise<string[]> {
  const taken: string[] = [];
  for (let index = 0; index < count; index += 1) {
    const { value } = await queue.next();
    taken.push(value ? `${value.id}@${value.revision}` : 'the end');
  }
  return taken;
}

/** Whether a promise has settled by now. */
async function isSettled(promise: Promise<unknown>): Promise<boolean> {
  const settled = promise.then(
    () => true,
    () => true,
  );
  return await Promise.race([settled, new Promise<boolean>((resolve) => setImmediate(() => resolve(false)))]);
}

describe('a slow reader', () => {
  test('gets the latest state of each task, in the order in which they first changed', async () => {
    const { queue } = createQueue();
    for (let revision = 1; revision <= 50; revision += 1) {
      queue.offer(taskState('a', revision));
      if (revision % 5 === 0) queue.offer(taskState('b', revision));
    }
    expect(await take(queue, 2)).toEqual(['a@50', 'b@50']);
    expect(await isSettled(queue.next())).toBe(false);
  });

  test('of more than a thousand tasks still gets each one’s last state, read again when its turn comes', async () => {
    const ids = Array.from({ length: 1_500 }, (_, index) => `task-${index}`);
    const stored = new Map(ids.map((id) => [id, taskState(id, 7)]));
    const { queue, reads } = createQueue({}, stored);
    for (const id of ids) queue.offer(taskState(id, 3));
    expect(await take(queue, 1_500)).toEqual(ids.map((id, index) => `${id}@${index < 1_000 ? 3 : 7}`));
    expect(reads).toEqual(ids.slice(1_000));
    queue.offer(taskState('task-1200', 7));
    expect(await isSettled(queue.next())).toBe(false);
  });

  test('keeps a task that is known by its id alone up to date', async () => {
    const { queue, reads } = createQueue({}, new Map([['late', taskState('late', 9)]]));
    for (let index = 0; index < 1_000; index += 1) queue.offer(taskState(String(index), 1));
    for (let revision = 1; revision <= 9; revision += 1) queue.offer(taskState('late', revision));
    await take(queue, 1_000);
    expect(await take(queue, 1)).toEqual(['late@9']);
    expect(reads).toEqual(['late']);
  });

  test('passes over a task that has vanished meanwhile', async () => {
    const { queue } = createQueue();
    for (let index = 0; index <= 1_000; index += 1) queue.offer(taskState(String(index), 1));
    await take(queue, 1_000);
    const next = queue.next();
    queue.offer(taskState('after', 1));
    expect((await next).value?.id).toBe('after');
  });
});

describe('what was already delivered', () => {
  test('does not come again, and nothing goes backwards', async () => {
    const { queue } = createQueue();
    queue.offer(taskState('a', 5));
    expect(await take(queue, 1)).toEqual(['a@5']);
    for (const revision of [5, 4, 1]) queue.offer(taskState('a', revision));
    const next = queue.next();
    expect(await isSettled(next)).toBe(false);
    queue.offer(taskState('a', 6));
    expect((await next).value?.revision).toBe(6);
  });

  test('of what waits, an older state never replaces a newer one', async () => {
    const { queue } = createQueue();
    for (const revision of [2, 4, 3, 4, 1]) queue.offer(taskState('a', revision));
    expect(await take(queue, 1)).toEqual(['a@4']);
    expect([5, 4].map((revision) => queue.lacks('a', revision))).toEqual([true, false]);
  });
});

describe('whose tasks', () => {
  test('only the owner’s own come, and only those that match', async () => {
    const { queue } = createQueue({ matches: (task) => task.kind === 'VIDEO' });
    queue.offer(taskState('foreign', 1, { owner: 'bob', kind: 'VIDEO' }));
    queue.offer(taskState('image', 1));
    queue.offer(taskState('video', 1, { kind: 'VIDEO' }));
    expect(await take(queue, 1)).toEqual(['video@1']);
  });
});

describe('the end', () => {
  const untilEnded = { isLast: (task: Task) => task.state === 'ended' };

  test('comes after the last state, which is delivered', async () => {
    const { queue, closed } = createQueue(untilEnded);
    queue.offer(taskState('a', 1));
    queue.offer(taskState('a', 2, { state: 'ended', status: 'DONE' }));
    expect(await take(queue, 3)).toEqual(['a@2', 'the end', 'the end']);
    expect(closed).toEqual(['closed']);
  });

  test('comes at once to a reader that waits, when it returns', async () => {
    const { queue, closed } = createQueue();
    const waiting = [queue.next(), queue.next()];
    await queue.return?.();
    expect(await Promise.all(waiting)).toEqual([
      { done: true, value: undefined },
      { done: true, value: undefined },
    ]);
    queue[Symbol.dispose]();
    expect(closed).toEqual(['closed']);
  });

  test('takes what still waits with it: nothing comes after return, and nothing is kept', async () => {
    const { queue } = createQueue();
    queue.offer(taskState('a', 1));
    await queue.return?.();
    queue.offer(taskState('b', 1));
    expect(await take(queue, 1)).toEqual(['the end']);
  });

  test('a state that is being read when the reader leaves is not handed out any more', async () => {
    const reading = Promise.withResolvers<FoundTask | null>();
    const queue = ofTasks(
      createSubscriptionQueue(
        { owner: 'ann' },
        () => reading.promise,
        () => {},
      ),
    );
    for (let index = 0; index <= 1_000; index += 1) queue.offer(taskState(String(index), 1));
    await take(queue, 1_000);
    const next = queue.next();
    await queue.return?.();
    reading.resolve({ task: taskState('1000', 1), createdIn: null });
    expect(await next).toEqual({ done: true, value: undefined });
  });
});

describe('re-entrancy', () => {
  test('a reader may offer, ask again and leave from within its own turn', async () => {
    const { queue, closed } = createQueue();
    queue.offer(taskState('a', 1));
    const seen: string[] = [];
    for await (const { id, revision } of queue) {
      seen.push(`${id}@${revision}`);
      if (revision === 3) break;
      queue.offer(taskState(id, revision + 1));
    }
    expect(seen).toEqual(['a@1', 'a@2', 'a@3']);
    expect(closed).toEqual(['closed']);
  });

  test('several who ask at once get one state each', async () => {
    const { queue } = createQueue();
    const waiting = [queue.next(), queue.next(), queue.next()];
    for (const id of ['a', 'b', 'c']) queue.offer(taskState(id, 1));
    const ids = (await Promise.all(waiting)).map(({ value }) => value?.id);
    expect(new Set(ids)).toEqual(new Set(['a', 'b', 'c']));
  });
});
