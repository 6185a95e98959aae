import { expect, test } from 'vitest';
import { binCount, createSurvivalCurve } from '../../src/domain/learning/survival-curve.ts';

const curveOf = (priorMedian: number) => createSurvivalCurve({ priorMedian, memory: 100 });

/** Looks at a task every `everySeconds` until it is over. */
function watch(curve: ReturnType<typeof curveOf>, seconds: number, everySeconds: number): void {
  let age = 0;
  for (; age + everySeconds < seconds; age += everySeconds) curve.survived(age, age + everySeconds);
  curve.ended(age, age + everySeconds);
}

test.each([12, 67, 180, 3_600])('before anything is seen, half are over after the prior median of %i s', (median) => {
  expect(curveOf(median).quantile(0.5, 0) / median).toBeCloseTo(1, 1);
});

test('survival starts at one and never rises', () => {
  const curve = curveOf(60);
  for (let run = 0; run < 50; run += 1) watch(curve, 30 + (run % 7), 2);
  let before = curve.survival(0);
  expect(before).toBe(1);
  for (let age = 0.25; age < 250_000; age *= 1.3) {
    const now = curve.survival(age);
    expect(now).toBeLessThanOrEqual(before);
    expect(now).toBeGreaterThanOrEqual(0);
    before = now;
  }
});

test.each([5, 20, 90, 400])('learns from looks alone that a model takes %i s', (seconds) => {
  const curve = curveOf(60);
  for (let run = 0; run < 200; run += 1) watch(curve, seconds * (0.9 + (run % 21) / 100), seconds / 20);
  expect(curve.quantile(0.5, 0)).toBeGreaterThan(seconds * 0.8);
  expect(curve.quantile(0.5, 0)).toBeLessThan(seconds * 1.2);
  expect(curve.quantile(0.9, 0)).toBeGreaterThan(curve.quantile(0.5, 0));
});

test('forgets what was, when a model becomes slower', () => {
  const curve = curveOf(60);
  for (let run = 0; run < 300; run += 1) watch(curve, 20, 2);
  const before = curve.quantile(0.5, 0);
  for (let run = 0; run < 600; run += 1) watch(curve, 80, 5);
  expect(curve.quantile(0.5, 0)).toBeGreaterThan(3 * before);
});

test('a quantile is never before the age that was reached, and grows with the share', () => {
  const curve = curveOf(60);
  for (const age of [0, 3, 59, 600, 90_000, 500_000]) {
    const quantiles = [0.1, 0.5, 0.9].map((share) => curve.quantile(share, age));
    expect(quantiles).toEqual(quantiles.toSorted((one, other) => one - other));
    expect(quantiles[0]).toBeGreaterThanOrEqual(Math.min(age, 55 * 3_600));
  }
});

test('comes back from what was stored as it was', () => {
  const curve = curveOf(60);
  for (let run = 0; run < 20; run += 1) watch(curve, 30, 3);
  expect(curve.events).toHaveLength(binCount);
  const again = createSurvivalCurve({ priorMedian: 60, memory: 100, events: curve.events, exposure: curve.exposure });
  for (const age of [1, 10, 30, 100]) expect(again.survival(age)).toBeCloseTo(curve.survival(age), 6);
});
