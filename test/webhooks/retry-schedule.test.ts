import { expect, test } from 'vitest';
import { maxAgeMs, parseRetryAfter, retryPauseMs } from '../../src/webhooks/retry-schedule.ts';

const hourMs = 3_600_000;
const first = { attempt: 1, ageMs: 0, retryAfterMs: null };

test('the first pause is short, each is longer than the one before, and together they are about a day', () => {
  const pauses: number[] = [];
  for (let attempt = 1, ageMs = 0; ; attempt += 1) {
    const pause = retryPauseMs({ attempt, ageMs, retryAfterMs: null });
    if (pause === null) break;
    pauses.push(pause);
    ageMs += pause;
  }
  expect(pauses[0]).toBeLessThan(6_000);
  expect(pauses).toEqual(pauses.toSorted((one, other) => one - other));
  const sum = pauses.reduce((total, pause) => total + pause, 0);
  expect(sum).toBeGreaterThan(21 * hourMs);
  expect(sum).toBeLessThan(25 * hourMs);
});

test('nothing is tried again once it will be older than a day, however few tries it had', () => {
  expect(retryPauseMs({ ...first, attempt: 3, ageMs: 10 * 24 * hourMs })).toBeNull();
  expect(retryPauseMs({ ...first, attempt: 10, ageMs: 20 * hourMs })).toBeNull();
  expect(retryPauseMs({ ...first, attempt: 3, ageMs: 24 * hourMs }), 'control').toBeGreaterThan(0);
  expect(maxAgeMs).toBeLessThan(25 * hourMs);
});

test('what failed together does not come back together', () => {
  const pauses = new Set(Array.from({ length: 50 }, () => retryPauseMs(first)));
  expect(pauses.size).toBeGreaterThan(20);
});

test('a receiver’s wish to be left alone is honoured, but not beyond the day', () => {
  expect(retryPauseMs({ ...first, retryAfterMs: 3 * hourMs })).toBe(3 * hourMs);
  expect(retryPauseMs({ ...first, retryAfterMs: 1_000_000 * hourMs })).toBe(24 * hourMs);
  expect(retryPauseMs({ attempt: 2, ageMs: 20 * hourMs, retryAfterMs: 9 * hourMs })).toBe(4 * hourMs);
  expect(retryPauseMs({ ...first, retryAfterMs: 1 })).toBeGreaterThanOrEqual(5_000);
});

test.each([
  ['120', 120_000],
  ['Thu, 15 Jan 2026 12:01:00 GMT', 60_000],
  ['Thu, 15 Jan 2026 11:00:00 GMT', 0],
  ['soon', null],
  ['-5', null],
  [null, null],
])('Retry-After: %s', (text, ms) => {
  const parsed = parseRetryAfter(text, Date.UTC(2026, 0, 15, 12));
  if (text === '-5') expect(parsed ?? 0).toBeGreaterThanOrEqual(0);
  else expect(parsed).toBe(ms);
});
