import { expect, test } from 'vitest';
import { createCompletionModel, type Observed } from '../../src/domain/learning/completion-model.ts';

const prior = { wholeSeconds: 12, runSeconds: 8 };
const start = Date.UTC(2026, 0, 15, 12);
const at = (seconds: number): Date => new Date(start + seconds * 1_000);
const sent: Observed = { submittedAt: at(0), lastUnfinishedAt: null, lastWaitAt: null, runStartedAt: null };

test('times a task since its submission, then since it was last seen waiting, then since its run began', () => {
  const model = createCompletionModel(prior);
  expect(model.read(sent, at(3))).toEqual({ clock: 'submitted', ageSeconds: 3 });
  const waiting = model.observe(sent, 'WAIT', at(4));
  expect(model.read(waiting, at(6))).toEqual({ clock: 'waiting', ageSeconds: 2 });
  const running = model.observe(waiting, 'RUN', at(9));
  expect(running.runStartedAt?.getTime()).toBeGreaterThan(at(4).getTime());
  expect(running.runStartedAt?.getTime()).toBeLessThan(at(9).getTime());
  expect(model.read(running, at(9)).clock).toBe('running');
});

test('keeps where a run began, whatever is seen later', () => {
  const model = createCompletionModel(prior);
  const running = model.observe(sent, 'RUN', at(5));
  const later = model.observe(model.observe(running, 'WAIT', at(6)), 'RUN', at(7));
  expect(later).toEqual({ ...running, lastUnfinishedAt: at(7) });
});

test('takes a run that was first seen after a long gap to have begun late, once runs are known to be short', () => {
  const unknown = createCompletionModel({ wholeSeconds: 120, runSeconds: 600 });
  const before = unknown.observe(sent, 'RUN', at(60)).runStartedAt?.getTime() ?? 0;
  const model = createCompletionModel({ wholeSeconds: 120, runSeconds: 600 });
  for (let task = 0; task < 100; task += 1) {
    const running = model.observe(model.observe(sent, 'WAIT', at(50)), 'RUN', at(51));
    model.observe(running, 'ended', at(54));
  }
  expect(model.observe(sent, 'RUN', at(60)).runStartedAt?.getTime()).toBeGreaterThan(before + 20_000);
});

test('learns the whole, the rest after waiting, and the run, each by its own clock', () => {
  const model = createCompletionModel({ wholeSeconds: 200, runSeconds: 200 });
  for (let task = 0; task < 150; task += 1) {
    let seen = sent;
    const runsFor = 8 + (task % 5);
    for (let second = 1; second <= 20; second += 1) seen = model.observe(seen, 'WAIT', at(second));
    for (let second = 21; second <= 20 + runsFor; second += 1) seen = model.observe(seen, 'RUN', at(second));
    model.observe(seen, 'ended', at(21 + runsFor));
  }
  expect(model.curve('submitted').quantile(0.5, 0)).toBeGreaterThan(27);
  expect(model.curve('submitted').quantile(0.5, 0)).toBeLessThan(33);
  expect(model.curve('running').quantile(0.5, 0)).toBeGreaterThan(8.5);
  expect(model.curve('running').quantile(0.5, 0)).toBeLessThan(12.5);
  expect(model.completions).toBe(150);
});

test('learns nothing from an answer that is older than what is known', () => {
  const model = createCompletionModel(prior);
  const seen = model.observe(sent, 'RUN', at(10));
  const before = model.saved();
  model.observe(seen, 'unfinished', at(9));
  expect(model.saved()).toEqual(before);
});

test('comes back from what was stored as it was', () => {
  const model = createCompletionModel(prior);
  for (let task = 0; task < 40; task += 1) {
    model.observe(model.observe(model.observe(sent, 'WAIT', at(2)), 'RUN', at(5)), 'ended', at(9 + (task % 7)));
  }
  const again = createCompletionModel(prior, model.saved());
  expect(again.saved()).toEqual(model.saved());
  expect(again.curve('running').quantile(0.9, 0)).toBeCloseTo(model.curve('running').quantile(0.9, 0), 6);
  expect(again.completions).toBeGreaterThan(30);
});

test('knows how much it has learned in whatever order its memories were stored', () => {
  const model = createCompletionModel(prior);
  for (let task = 0; task < 200; task += 1) model.observe(sent, 'ended', at(9));
  const { submitted, waiting, running } = model.saved();
  const again = createCompletionModel(prior, { submitted: submitted.toReversed(), waiting, running });
  expect(again.completions).toBeGreaterThan(150);
  // Control: in the order of their lengths.
  expect(createCompletionModel(prior, { submitted, waiting, running }).completions).toBe(again.completions);
});
