import { expect, test } from 'vitest';
import { middleOf, offsetAfter } from '../../src/store/clock-offset.ts';

/** A reading of a clock that is ahead by `aheadMs`, read `readAfterMs` after the question. */
function reading(askedAt: number, { tookMs = 10, readAfterMs = 5, aheadMs = 1_000 } = {}) {
  return { askedAt, answeredAt: askedAt + tookMs, time: askedAt + readAfterMs + aheadMs };
}

test('one reading is off by half of the time that it took, at most', () => {
  for (const readAfterMs of [0, 5, 10]) {
    expect(Math.abs(middleOf(offsetAfter(null, reading(0, { readAfterMs }))) - 1_000)).toBeLessThanOrEqual(5);
  }
});

test('a slow reading spoils nothing, and a quick one sharpens what is known', () => {
  const quick = offsetAfter(null, reading(0, { tookMs: 2, readAfterMs: 1 }));
  const slow = offsetAfter(quick, reading(100, { tookMs: 4_000, readAfterMs: 3_900 }));
  expect(Math.abs(middleOf(slow) - 1_000)).toBeLessThan(2);
  const again = offsetAfter(slow, reading(5_000, { tookMs: 1, readAfterMs: 0.2 }));
  expect(Math.abs(middleOf(again) - 1_000)).toBeLessThan(0.6);
});

test.for([3_600_000, -3_600_000, 50])('a clock that is set by %i ms is believed at once', (setMs) => {
  const before = offsetAfter(null, reading(0));
  const after = offsetAfter(before, reading(5_000, { aheadMs: 1_000 + setMs }));
  expect(Math.abs(middleOf(after) - 1_000 - setMs)).toBeLessThanOrEqual(5);
});

test('clocks that part slowly are followed', () => {
  let known = offsetAfter(null, reading(0, { tookMs: 1, readAfterMs: 0.5 }));
  for (let at = 5_000; at < 3_600_000; at += 5_000) {
    known = offsetAfter(known, reading(at, { tookMs: 1, readAfterMs: 0.5, aheadMs: 1_000 + at * 5e-5 }));
  }
  expect(Math.abs(middleOf(known) - 1_180)).toBeLessThan(2);
});
