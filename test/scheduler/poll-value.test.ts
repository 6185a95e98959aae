import { expect, test } from 'vitest';
import { createSurvivalCurve } from '../../src/domain/learning/survival-curve.ts';
import { pollValue } from '../../src/scheduler/poll-value.ts';

function learned(seconds: (task: number) => number) {
  const curve = createSurvivalCurve({ priorMedian: 12, memory: 1_000 });
  for (let task = 0; task < 300; task += 1) {
    let age = 0;
    for (; age + 0.5 < seconds(task); age += 0.5) curve.survived(age, age + 0.5);
    curve.ended(age, age + 0.5);
  }
  return curve;
}
const curve = learned((task) => 6 + (task % 9));

/** The same by its definition, in small steps: (g·S(a) − ∫S) / S(a + g). */
function byDefinition(age: number, gap: number): number {
  const steps = 20_000;
  let area = 0;
  for (let step = 0; step < steps; step += 1) area += curve.survival(age + (gap * (step + 0.5)) / steps);
  return (gap * curve.survival(age) - (area * gap) / steps) / curve.survival(age + gap);
}

test.each([
  [0, 0.5],
  [0, 9],
  [5, 1],
  [8.3, 2.7],
  [12, 0.25],
  [30, 20],
])('at age %d after %d s it is the delay accrued over the chance of asking in vain', (age, gap) => {
  expect(pollValue(curve, age, gap) / byDefinition(age, gap)).toBeCloseTo(1, 3);
});

test('grows with the gap, from nothing', () => {
  let before = pollValue(curve, 7, 0);
  expect(before).toBeCloseTo(0, 9);
  for (let gap = 0.1; gap < 500; gap *= 1.4) {
    const value = pollValue(curve, 7, gap);
    expect(value).toBeGreaterThan(before);
    before = value;
  }
});

test('is half the hazard times the gap squared at first', () => {
  const hazard = -Math.log(curve.staying(10, 10.001)) / 0.001;
  expect(pollValue(curve, 10, 0.1) / ((hazard * 0.1 ** 2) / 2)).toBeCloseTo(1, 1);
});

test('stays finite and above nothing where hardly anything survives', () => {
  for (const age of [100, 10_000, 1_000_000]) {
    const value = pollValue(curve, age, 60);
    expect(value).toBeGreaterThan(0);
    expect(value).toBeLessThan(1e7);
  }
});
