import { expect, test } from 'vitest';
import type { Followed } from '../../src/domain/following.ts';
import { createWideningPolicy } from '../../src/scheduler/widening-policy.ts';
import { followed } from './followed.ts';

const now = Date.UTC(2026, 0, 15, 12);
const at = (ageSeconds: number): Date => new Date(now - ageSeconds * 1_000);

/** How long it waits until it wants to ask. */
function pauseOf(task: Followed): number {
  const policy = createWideningPolicy();
  policy.add(task, now);
  const next = policy.next(now);
  return next !== null && 'at' in next ? next.at - now : 0;
}

test('the pause grows with the age, from a quarter of a second to ten', () => {
  const polled = (ageSeconds: number) =>
    pauseOf(followed('a', { submittedAt: at(ageSeconds), lastPolledAt: new Date(now) }));
  expect([0, 1, 5, 60, 100, 3_600].map(polled)).toEqual([250, 250, 500, 6_000, 10_000, 10_000]);
});

test('who is longest overdue goes first, and each is given out once until it is added again', () => {
  const policy = createWideningPolicy();
  const overdue = { a: 20, b: 60, c: 40 };
  for (const [id, seconds] of Object.entries(overdue)) {
    policy.add(followed(id, { submittedAt: at(100), lastPolledAt: at(seconds) }), now);
  }
  expect(policy.size).toBe(3);
  expect([1, 2, 3, 4].map(() => policy.next(now))).toEqual([{ id: 'b' }, { id: 'c' }, { id: 'a' }, null]);
});

test('with more tasks than the budget asks after, every one has its turn', () => {
  const policy = createWideningPolicy();
  let clock = now;
  for (let id = 0; id < 500; id += 1) policy.add(followed(String(id), { submittedAt: at(id) }), clock);
  const asked = new Map<string, number>();
  for (let call = 0; call < 2_000; call += 1) {
    clock += 50;
    const next = policy.next(clock);
    if (next === null || 'at' in next) continue;
    asked.set(next.id, (asked.get(next.id) ?? 0) + 1);
    const submittedAt = new Date(now - Number(next.id) * 1_000);
    policy.add(followed(next.id, { submittedAt, lastPolledAt: new Date(clock) }), clock);
  }
  expect(asked.size).toBe(500);
  expect(Math.max(...asked.values()) - Math.min(...asked.values())).toBeLessThanOrEqual(3);
});

test('a task that timed out is asked after once an hour', () => {
  const ended = { state: 'ended', submittedAt: at(100_000), lastPolledAt: new Date(now) } as const;
  expect(pauseOf(followed('a', ended))).toBe(3_600_000);
});
