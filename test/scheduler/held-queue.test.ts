import { expect, test } from 'vitest';
import { createHeldQueue, type HeldQueue } from '../../src/scheduler/held-queue.ts';

const task = (owner: string, number: number) => ({ id: `${owner}${number}`, owner, kind: 'IMAGE' as const });

function takeAll(queue: HeldQueue): string[] {
  const ids: string[] = [];
  for (let next = queue.take(); next !== null; next = queue.take()) ids.push(next.id);
  return ids;
}

test('owners take turns, and each one’s tasks come in order of arrival', () => {
  const queue = createHeldQueue();
  for (let number = 1; number <= 4; number += 1) queue.add(task('a', number));
  for (let number = 1; number <= 2; number += 1) queue.add(task('b', number));
  queue.add(task('c', 1));
  expect(queue.size).toBe(7);
  expect(takeAll(queue)).toEqual(['a1', 'b1', 'c1', 'a2', 'b2', 'a3', 'a4']);
  expect(queue.size).toBe(0);
});

test('many owners of one tenant have its turns together, one after the other', () => {
  const queue = createHeldQueue();
  const of = (owner: string, number: number) => ({ ...task(owner, number), shareGroup: 'tenant' });
  for (const owner of ['a', 'b', 'c']) for (let number = 1; number <= 2; number += 1) queue.add(of(owner, number));
  for (let number = 1; number <= 3; number += 1) queue.add(task('d', number));
  const expected = ['a1', 'd1', 'b1', 'd2', 'c1', 'd3', 'a2', 'b2', 'c2'];
  expect(queue.order()).toEqual(expected);
  expect(takeAll(queue)).toEqual(expected);
});

test('who comes late does not wait for the whole of another one’s thousand', () => {
  const queue = createHeldQueue();
  for (let number = 0; number < 1_000; number += 1) queue.add(task('greedy', number));
  queue.take();
  queue.add(task('modest', 1));
  expect([queue.take()?.id, queue.take()?.id]).toContain('modest1');
});

test('a task is in it once, however often it is added, and may come back after it was taken', () => {
  const queue = createHeldQueue();
  queue.add(task('a', 1));
  queue.add(task('a', 1));
  expect(takeAll(queue)).toEqual(['a1']);
  queue.add(task('a', 1));
  expect(takeAll(queue)).toEqual(['a1']);
});

test('one that is canceled leaves at once, and its owner’s turn goes to the next of the owner’s tasks', () => {
  const queue = createHeldQueue();
  for (let number = 1; number <= 3; number += 1) queue.add(task('a', number));
  queue.add(task('b', 1));
  for (const gone of [task('a', 1), task('b', 1), task('b', 1), task('c', 1)]) queue.remove(gone);
  expect(queue.order()).toEqual(['a2', 'a3']);
  expect(queue.size).toBe(2);
  queue.add(task('b', 1));
  expect(takeAll(queue)).toEqual(['a2', 'b1', 'a3']);
});

test('one that is put back is the next of its owner', () => {
  const queue = createHeldQueue();
  for (let number = 1; number <= 3; number += 1) queue.add(task('a', number));
  const first = queue.take();
  if (first) queue.putBack(first);
  expect(takeAll(queue)).toEqual(['a1', 'a2', 'a3']);
});
