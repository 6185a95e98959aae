import { expect, test } from 'vitest';
import { createAdaptiveCurve } from '../../src/domain/learning/adaptive-curve.ts';
import { createSurvivalCurve } from '../../src/domain/learning/survival-curve.ts';

type Learner = { survived(from: number, to: number): void; ended(from: number, to: number): void };

/** Looks at a task once a second until it is over. */
function watch(learner: Learner, seconds: number): void {
  let age = 0;
  for (; age + 1 < seconds; age += 1) learner.survived(age, age + 1);
  learner.ended(age, age + 1);
}

/** A steady model for long, then all of a sudden another. */
function watchSteadyThenJump(learner: Learner, after: number): void {
  for (let task = 0; task < 600; task += 1) watch(learner, 8 + (task % 5));
  for (let task = 0; task < after; task += 1) watch(learner, 40 + (task % 5));
}

test('follows a jump sooner than its longest memory alone', () => {
  const adaptive = createAdaptiveCurve(12, [30, 100, 1_000]);
  const lasting = createSurvivalCurve({ priorMedian: 12, memory: 1_000 });
  watchSteadyThenJump(adaptive, 60);
  watchSteadyThenJump(lasting, 60);
  expect(adaptive.best.quantile(0.5, 0)).toBeGreaterThan(35);
  expect(lasting.quantile(0.5, 0)).toBeLessThan(20);
});

test('is read from the memory that predicts best', () => {
  const adaptive = createAdaptiveCurve(12, [5, 1_000]);
  for (let task = 0; task < 400; task += 1) watch(adaptive, [3, 9, 14, 21, 33, 60][task % 6] ?? 0);
  const scores = adaptive.saved().map(({ memory, score }) => ({ memory, score }));
  const best = scores.toSorted((one, other) => other.score - one.score)[0];
  expect(best?.memory).toBe(1_000);
  expect(adaptive.best.events).toEqual(adaptive.saved()[1]?.events);
});

test('comes back from what was stored with its choice', () => {
  const adaptive = createAdaptiveCurve(12, [30, 100, 1_000]);
  watchSteadyThenJump(adaptive, 60);
  const again = createAdaptiveCurve(12, [30, 100, 1_000], adaptive.saved());
  expect(again.saved()).toEqual(adaptive.saved());
  expect(again.best.quantile(0.5, 0)).toBeCloseTo(adaptive.best.quantile(0.5, 0), 6);
});
