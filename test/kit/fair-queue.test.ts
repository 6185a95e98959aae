import { expect, test } from 'vitest';
import { createFairQueue, type FairQueue } from '../../src/kit/fair-queue.ts';

function fill(queue: FairQueue<string>, group: string, key: string, count: number): void {
  for (let number = 1; number <= count; number += 1) queue.add(`${key}${number}`, { group, key });
}

function takeAll(queue: FairQueue<string>): string[] {
  const items: string[] = [];
  for (let item = queue.take(); item !== null; item = queue.take()) items.push(item);
  return items;
}

test('groups take turns, the keys of each group take its turns, and each key’s come in order of arrival', () => {
  const queue = createFairQueue<string>();
  fill(queue, 'tenant', 'a', 2);
  fill(queue, 'tenant', 'b', 2);
  fill(queue, 'alone', 'c', 3);
  const expected = ['a1', 'c1', 'b1', 'c2', 'a2', 'c3', 'b2'];
  expect(queue.order()).toEqual(expected);
  expect(takeAll(queue)).toEqual(expected);
  expect(queue.size).toBe(0);
});

test('many keys of one group get no more turns than one', () => {
  const queue = createFairQueue<string>();
  for (let number = 0; number < 100; number += 1) fill(queue, 'tenant', `user ${number} `, 5);
  fill(queue, 'alone', 'c', 5);
  expect(
    takeAll(queue)
      .slice(0, 10)
      .filter((item) => item.startsWith('c')),
  ).toHaveLength(5);
});

test('what is removed has no turn, and what is put back is the next of its key', () => {
  const queue = createFairQueue<string>();
  fill(queue, 'tenant', 'a', 2);
  fill(queue, 'alone', 'c', 1);
  queue.remove('a1', { group: 'tenant', key: 'a' });
  queue.remove('unknown', { group: 'tenant', key: 'a' });
  queue.putBack('a0', { group: 'tenant', key: 'a' });
  expect(queue.size).toBe(3);
  expect(takeAll(queue)).toEqual(['a0', 'c1', 'a2']);
});
