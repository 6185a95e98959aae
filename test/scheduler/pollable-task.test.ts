import { expect, test } from 'vitest';
import { createCompletionModel } from '../../src/domain/learning/completion-model.ts';
import { pollable } from '../../src/scheduler/pollable-task.ts';
import { followed } from './followed.ts';

const model = createCompletionModel({ wholeSeconds: 12, runSeconds: 8 });
const at = (seconds: number): Date => new Date(Date.UTC(2026, 0, 15, 12) + seconds * 1_000);
const unseen = { shareGroup: 'ada', lastWaitAt: null, runStartedAt: null };

test('a running task is told as it was seen, and is ready at once', () => {
  const seen = { lastWaitAt: at(3), runStartedAt: at(5) };
  const task = { ...followed('a', { submittedAt: at(0), lastUnfinishedAt: at(6) }), ...seen, shareGroup: 'ada' };
  const observed = { submittedAt: at(0), lastUnfinishedAt: at(6), ...seen };
  expect(pollable(task, model, at(9))).toEqual([
    { id: 'a', shareGroup: 'ada', model, observed, weight: 1, aside: false },
    0,
  ]);
});

test('an off-peak task weighs little', () => {
  const request = { kind: 'VIDEO', prompt: 'a kite', offPeak: true } as const;
  const [task] = pollable({ ...followed('a', { request, submittedAt: at(0) }), ...unseen }, model, at(9));
  expect(task.weight).toBeLessThan(0.1);
});

test('what the upstream did not know is asked again three times over two minutes', () => {
  const task = { ...followed('a', { submittedAt: at(0), lastPolledAt: at(10) }), ...unseen, missingCount: 1 };
  expect(pollable(task, model, at(11))[1]).toBe(at(50).getTime());
});

test('what timed out is asked after an hour later', () => {
  const task = { ...followed('a', { state: 'ended', submittedAt: at(0), lastPolledAt: at(10) }), ...unseen };
  const [told, readyAt] = pollable(task, model, at(11));
  expect(told.aside).toBe(true);
  expect(readyAt).toBe(at(3_610).getTime());
});

test('what stands aside because its questions fail is told so, and is not ready before', () => {
  const task = { ...followed('a', { submittedAt: at(0), lastPolledAt: at(10) }), ...unseen };
  const [told, readyAt] = pollable(task, model, at(11), { aside: true, readyAt: at(15).getTime() });
  expect(told.aside).toBe(true);
  expect(readyAt).toBe(at(15).getTime());
});

test('an adopted task counts from when it was first heard of', () => {
  const [task] = pollable({ ...followed('a', { request: null }), ...unseen }, model, at(9));
  expect(task.observed.submittedAt).toEqual(at(9));
});

test('DONE without a file is asked again after 15 seconds, then more and more seldom, but each minute', () => {
  const readyAfter = (since: number, polled: number): number => {
    const task = { ...followed('a', { submittedAt: at(0), lastPolledAt: at(polled) }), ...unseen };
    return (pollable({ ...task, emptyDoneSince: at(since) }, model, at(polled))[1] - at(polled).getTime()) / 1_000;
  };
  expect([10, 25, 40, 70, 130, 190].map((polled) => readyAfter(10, polled))).toEqual([15, 15, 30, 60, 60, 60]);
});
