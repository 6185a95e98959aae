import { expect, test } from 'vitest';
import { createFailingTasks } from '../../src/scheduler/failing-tasks.ts';

const longestMs = 120_000;

test('a task whose questions work has its place', () => {
  const failing = createFailingTasks();
  failing.answered('other');
  expect(failing.standing('a')).toEqual({ aside: false, readyAt: 0 });
});

test('one that alone is not answered stands aside, twice as long each time, and not for ever', () => {
  const failing = createFailingTasks();
  const pauses = Array.from({ length: 10 }, () => {
    failing.failed('a', 5_000, longestMs);
    failing.answered('other');
    return failing.standing('a').readyAt - 5_000;
  });
  expect(pauses).toEqual([1, 2, 4, 8, 16, 32, 64, 120, 120, 120].map((seconds) => seconds * 1_000));
  expect(failing.standing('a').aside).toBe(true);
});

test('an answer to it gives its place back, and forgets what was', () => {
  const failing = createFailingTasks();
  for (let failure = 0; failure < 5; failure += 1) {
    failing.failed('a', 0, longestMs);
    failing.answered('other');
  }
  failing.answered('a');
  expect(failing.standing('a')).toEqual({ aside: false, readyAt: 0 });
  failing.failed('a', 0, longestMs);
  expect(failing.standing('a')).toEqual({ aside: true, readyAt: 1_000 });
});

test('after an outage all have their places back with the first answer, however long it was', () => {
  const failing = createFailingTasks();
  failing.answered('a');
  for (let failure = 0; failure < 1_000; failure += 1) {
    for (const id of ['a', 'b', 'c']) {
      failing.polled(id);
      failing.failed(id, failure * 1_000, longestMs);
    }
  }
  expect(failing.standing('b')).toEqual({ aside: true, readyAt: 1_000_000 });
  failing.polled('a');
  expect(failing.answered('a')).toEqual(['b', 'c']);
  for (const id of ['b', 'c']) expect(failing.standing(id)).toEqual({ aside: false, readyAt: 1_000_000 });
  // Once: they are queued by then.
  expect(failing.answered('a')).toEqual([]);
});

test('who is being asked after when another is answered is not queued a second time', () => {
  const failing = createFailingTasks();
  failing.failed('a', 0, longestMs);
  failing.polled('a');
  expect(failing.answered('b')).toEqual([]);
});

test('tasks of their own trouble are not taken for an outage, though most fail', () => {
  const failing = createFailingTasks();
  const bad = Array.from({ length: 30 }, (_, index) => `bad ${index}`);
  for (const id of bad) failing.failed(id, 0, longestMs);
  expect(failing.answered('good')).toHaveLength(30);
  for (const id of bad) failing.failed(id, 1_000, longestMs);
  expect(failing.answered('good')).toEqual([]);
  for (const id of bad) expect(failing.standing(id)).toEqual({ aside: true, readyAt: 3_000 });
});
