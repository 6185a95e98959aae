import { describe, expect, test } from 'vitest';
import { boundsOf, isReached } from './goal.ts';
import { formatLines, lineOf } from './report.ts';
import { rows } from './rows.ts';

const one = { measure: '`task(id)`, to another', goal: '≥ 1.0' };
const two = { measure: 'creates, at 16 connections to 1', goal: '≥ 5, with p50 at 1 connection ≤ 2 inserts' };
const mixed = { measure: 'a page of many tasks to one of few', goal: '≤ 3, and never over 100 ms' };
const absolute = { measure: 'start, warm / cold', goal: '≤ 0.6 / ≤ 1.5 s' };

describe('a goal', () => {
  test('is reached at its limit, by the ratio where there is something beside', () => {
    expect(isReached('≥ 0.85', { value: [85], beside: [100] })).toBe(true);
    expect(isReached('≥ 0.85', { value: [84.9], beside: [100] })).toBe(false);
    expect(isReached('≤ 28 kB', { value: [28], beside: [null] })).toBe(true);
    expect(isReached('≤ 28 kB', { value: [28.1], beside: [null] })).toBe(false);
  });

  test('of two limits is reached when both are kept', () => {
    expect(isReached(two.goal, { value: [600, 4], beside: [100, 2] })).toBe(true);
    expect(isReached(two.goal, { value: [400, 4], beside: [100, 2] })).toBe(false);
    expect(isReached(two.goal, { value: [600, 5], beside: [100, 2] })).toBe(false);
    expect(isReached(mixed.goal, { value: [9, 101], beside: [3, null] })).toBe(false);
    expect(isReached(absolute.goal, { value: [0.6, 1.5], beside: [null, null] })).toBe(true);
  });

  test('that nothing is allowed to starve is reached by more than nothing', () => {
    const goal = '≥ 300, and creates never starve sends';
    expect(isReached(goal, { value: [300, 1], beside: [null, null] })).toBe(true);
    expect(isReached(goal, { value: [300, 0], beside: [null, null] })).toBe(false);
  });

  test('is not reached by what is no number', () => {
    expect(isReached('≤ 1.0', { value: [Number.NaN], beside: [1] })).toBe(false);
    expect(isReached('≥ 1.0', { value: [1], beside: [Number.NaN] })).toBe(false);
  });

  test('refuses another number of figures than it names', () => {
    expect(() => isReached(two.goal, { value: [600], beside: [100] })).toThrow('names 2 limits, but 1 figures');
  });

  test.each(rows.map(({ goal }) => goal))('of the table names at least one limit: %s', (goal) => {
    expect(boundsOf(goal).length).toBeGreaterThan(0);
  });
});

describe('a line of the table', () => {
  test('has one figure as it is, and its ratio', () => {
    const line = lineOf(one, { value: [300], beside: [200] });
    expect(line).toEqual({ ...one, value: 300, beside: 200, ratio: 1.5, reached: true });
  });

  test('has two figures as lists, with null for what is beside nothing', () => {
    const line = lineOf(mixed, { value: [9, 20], beside: [3, null] });
    expect(line).toEqual({ ...mixed, value: [9, 20], beside: [3, null], ratio: [3, null], reached: true });
  });

  test('has neither a figure beside nor a ratio where the whole goal is absolute', () => {
    const line = lineOf(absolute, { value: [0.5, 2], beside: [null, null] });
    expect(line).toEqual({ ...absolute, value: [0.5, 2], beside: null, ratio: null, reached: false });
  });

  test('that could not be measured is there, and reaches nothing', () => {
    const line = lineOf(one, null);
    expect(line).toEqual({ ...one, value: null, beside: null, ratio: null, reached: false });
    expect(formatLines([line])).toContain('| `task(id)`, to another | not measured | ');
    expect(formatLines([line])).toContain('not reached');
  });

  test('shows its figures with three digits', () => {
    const text = formatLines([lineOf(mixed, { value: [9.1234, 20], beside: [3, null] })]);
    expect(text).toContain('| 9.12 / 20 | 3 / – ');
    expect(text).toContain('| 3.04 / – | ≤ 3, and never over 100 ms | not reached |');
  });
});
