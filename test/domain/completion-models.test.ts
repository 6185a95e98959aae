import { expect, test } from 'vitest';
import type { Sightings } from '../../src/domain/completion-model.ts';
import { createCompletionModels } from '../../src/domain/completion-models.ts';
import type { TaskRequest } from '../../src/domain/request.ts';

const model = { name: 'Vidu', version: 'q2' };
const taskOf = (request: TaskRequest) => ({ kind: request.kind, request });
const video = taskOf({ kind: 'VIDEO', model, prompt: 'a kite' });
const key = { kind: 'VIDEO', model: 'Vidu', version: 'q2' } as const;
const at = (seconds: number): Date => new Date(Date.UTC(2026, 0, 15, 12) + seconds * 1_000);
const sent: Sightings = { submittedAt: at(0), lastUnfinishedAt: null, lastWaitAt: null, runStartedAt: null };
const median = (of: ReturnType<ReturnType<typeof createCompletionModels>['ofTask']>): number =>
  of.curve('submitted').quantile(0.5, 0);

test('begin at what is usual for the kind, and for off-peak videos', () => {
  const models = createCompletionModels();
  expect(median(models.ofTask(taskOf({ kind: 'IMAGE' })))).toBeCloseTo(12, 0);
  expect(median(models.ofTask(taskOf({ kind: 'AUDIO' })))).toBeCloseTo(67.5, 0);
  expect(median(models.ofTask(video)) / 180).toBeCloseTo(1, 2);
  const offPeak = median(models.ofTask(taskOf({ kind: 'VIDEO', model, prompt: 'a kite', offPeak: true })));
  expect(offPeak / 3_600).toBeCloseTo(1, 2);
});

test('are one for all tasks of a model, and apart for each model', () => {
  const models = createCompletionModels();
  expect(models.ofTask(video)).toBe(models.of(key));
  expect(models.ofTask(video)).not.toBe(models.of({ ...key, version: 'q3' }));
});

test('tell what was learned once, and come back from it', () => {
  const models = createCompletionModels();
  expect(models.knows(key)).toBe(false);
  for (let task = 0; task < 40; task += 1) models.ofTask(video).observe(sent, 'ended', at(30));
  models.of({ ...key, version: 'only read' });
  expect(models.knows(key)).toBe(true);
  const news = models.takeNews();
  expect(new Set(news.map(({ version }) => version))).toEqual(new Set(['q2']));
  expect(news.map(({ clock, memory }) => `${clock} ${memory}`)).toEqual([
    'submitted 30',
    'submitted 100',
    'submitted 1000',
    'waiting 30',
    'waiting 100',
    'waiting 1000',
    'running 1000',
  ]);
  expect(models.takeNews()).toEqual([]);
  const again = createCompletionModels(news);
  expect(again.knows(key)).toBe(true);
  expect(again.of(key).completions).toBeGreaterThan(35);
  expect(median(again.of(key))).toBeCloseTo(median(models.of(key)), 6);
});

test('learn nothing from an adopted task, but time it', () => {
  const models = createCompletionModels();
  const adopted = models.ofTask({ kind: 'IMAGE', request: null });
  const before = adopted.saved();
  const running = adopted.observe(sent, 'RUN', at(10));
  expect(running.runStartedAt).not.toBeNull();
  adopted.observe(running, 'ended', at(11));
  expect(adopted.saved()).toEqual(before);
  expect(models.takeNews()).toEqual([]);
});

test('leave aside what another version of the gateway has stored in other bins', () => {
  const models = createCompletionModels([
    { ...key, clock: 'submitted', memory: 100, score: 1, events: [9, 9, 9], exposure: [1, 1, 1] },
  ]);
  expect(models.knows(key)).toBe(false);
  expect(median(models.of(key))).toBe(median(createCompletionModels().of(key)));
});
