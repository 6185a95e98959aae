import { expect, test } from 'vitest';
import { curveOf } from '../../src/domain/learned-duration.ts';
import { createLearning } from '../../src/scheduler/learning.ts';
import { followed } from './followed.ts';

const begin = Date.UTC(2026, 0, 15, 12);
const at = (seconds: number): Date => new Date(begin + seconds * 1_000);
const key = { kind: 'IMAGE', model: 'GEM', version: '3.0' } as const;

/** Forty tasks that were seen to be over between two ages. */
function learnFrom(fromSeconds: number, toSeconds: number) {
  const learning = createLearning([]);
  for (let task = 0; task < 40; task += 1) {
    const before = followed(String(task), { submittedAt: at(0), lastUnfinishedAt: at(fromSeconds) });
    learning.observe(followed(String(task), { submittedAt: at(0) }), false, at(fromSeconds));
    learning.observe(before, true, at(toSeconds));
  }
  return learning;
}

test('learns from answers how long a model takes, and hands over what is new once', () => {
  const learning = learnFrom(30, 32);
  const news = learning.takeNews();
  expect(news.map(({ model, version }) => `${model} ${version}`)).toEqual(['GEM 3.0']);
  const [learned] = news;
  expect(learned && curveOf(key, learned).quantile(0.5, 0)).toBeGreaterThan(25);
  expect(learned && curveOf(key, learned).quantile(0.5, 0)).toBeLessThan(36);
  expect(learning.takeNews()).toEqual([]);
});

test('goes on from what was learned before', () => {
  const known = learnFrom(30, 32).takeNews();
  const learning = createLearning(known);
  learning.observe(followed('late', { submittedAt: at(0), lastUnfinishedAt: at(30) }), true, at(31));
  const [learned] = learning.takeNews();
  expect(learned && curveOf(key, learned).quantile(0.5, 0)).toBeGreaterThan(25);
});

test('tasks that have not ended teach patience, but are no news yet', () => {
  const learning = createLearning([]);
  learning.observe(followed('a', { submittedAt: at(0) }), false, at(5));
  expect(learning.takeNews()).toEqual([]);
});

test('adopted tasks and late words about ended ones teach nothing', () => {
  const learning = createLearning([]);
  learning.observe(followed('adopted', { submittedAt: at(0), request: null }), true, at(5));
  learning.observe(followed('timed out', { submittedAt: at(0), state: 'ended' }), true, at(100_000));
  expect(learning.takeNews()).toEqual([]);
});

test('an answer that is older than the last one does no harm', () => {
  const learning = createLearning([]);
  learning.observe(followed('a', { submittedAt: at(10), lastUnfinishedAt: at(20) }), true, at(5));
  const [learned] = learning.takeNews();
  expect(learned?.events.every(Number.isFinite)).toBe(true);
  expect(learned?.exposure.every(Number.isFinite)).toBe(true);
});
