import { describe, expect, test } from 'vitest';
import type { ChangePlace } from '../../src/domain/task/change-place.ts';
import { createSubscriptionQueue } from '../../src/events/subscription-queue.ts';
import { taskState } from './task-state.ts';

const place = (xmax: number): ChangePlace => ({
  database: '0198c0de-0000-4000-8000-000000000000',
  snapshot: { xmax: BigInt(xmax), underWay: [] },
});

function createQueue() {
  const queue = createSubscriptionQueue(
    { owner: 'ann' },
    async (id) => ({ task: taskState(id, 9), createdIn: null }),
    () => {},
  );
  return {
    queue,
    /** What comes next, as id@place. */
    async take(): Promise<string> {
      const { value } = await queue.next();
      return value === undefined ? 'the end' : `${value.task.id}@${value.place?.snapshot.xmax}`;
    },
  };
}

describe('the place that comes with a change', () => {
  test('is where the subscriber began, until all that was missed has been handed out', async () => {
    const { queue, take } = createQueue();
    for (const id of ['a', 'b', 'c']) queue.offer(taskState(id, 1));
    queue.beginAt(place(10), place(20));
    queue.offer(taskState('d', 1));
    expect([await take(), await take(), await take(), await take()]).toEqual(['a@10', 'b@10', 'c@20', 'd@20']);
  });

  test('moves on with the feed’s looks, but never past what still waits', async () => {
    const { queue, take } = createQueue();
    queue.beginAt(place(10), place(10));
    queue.reach(place(20));
    for (const id of ['a', 'b']) queue.offer(taskState(id, 1));
    queue.reach(place(30));
    queue.offer(taskState('c', 1));
    queue.reach(place(40));
    queue.reach(place(50));
    queue.offer(taskState('d', 1));
    // A newer state of what waits keeps its turn.
    queue.offer(taskState('b', 2));
    expect([await take(), await take(), await take(), await take()]).toEqual(['a@20', 'b@30', 'c@50', 'd@50']);
  });

  test('is the same for a reader that is so far behind that only ids are kept', async () => {
    const { queue, take } = createQueue();
    queue.beginAt(place(10), place(10));
    for (let index = 0; index < 1_100; index += 1) queue.offer(taskState(String(index), 1));
    queue.reach(place(20));
    const taken: string[] = [];
    for (let index = 0; index < 1_100; index += 1) taken.push(await take());
    expect(new Set(taken.slice(0, -1).map((text) => text.split('@')[1]))).toEqual(new Set(['10']));
    expect(taken.at(-1)).toBe('1099@20');
  });

  test('does not count looks from before the subscriber began: what it missed is not offered yet', async () => {
    const { queue, take } = createQueue();
    queue.reach(place(99));
    queue.offer(taskState('a', 1));
    queue.beginAt(place(10), place(20));
    expect(await take()).toBe('a@20');
  });
});

test('a task is new once, and only if it was not there where the subscriber began', async () => {
  const { queue } = createQueue();
  queue.offer(taskState('missed', 1), 15n);
  queue.beginAt(place(10), place(20));
  queue.offer(taskState('old', 7), 9n);
  queue.offer(taskState('unknown', 7), null);
  queue.offer(taskState('new', 2), 30n);
  const told: string[] = [];
  const take = async (count: number): Promise<void> => {
    for (let index = 0; index < count; index += 1) {
      const { value } = await queue.next();
      told.push(`${value?.task.id} ${value?.isNew}`);
    }
  };
  await take(4);
  queue.offer(taskState('new', 3), 30n);
  await take(1);
  expect(told).toEqual(['missed true', 'old false', 'unknown false', 'new true', 'new false']);
});

test('a reader whose queue fails gets the error, then the end', async () => {
  const { queue } = createQueue();
  const waiting = queue.next();
  queue.offer(taskState('a', 1));
  await waiting;
  const next = queue.next();
  queue.fail(new Error('Nobody knows what was missed.'));
  await expect(next).rejects.toThrow('Nobody knows');
  expect(await queue.next()).toEqual({ done: true, value: undefined });
});
