import { expect, test } from 'vitest';
import type { Observed } from '../../src/domain/learning/completion-model.ts';
import { createCompletionModels } from '../../src/domain/learning/completion-models.ts';
import { builtInCatalogue } from '../../src/domain/models/model-catalogue.ts';
import type { TaskRequest } from '../../src/domain/request/request.ts';

const model = { name: 'Vidu', version: 'q2' };
const taskOf = (request: TaskRequest) => ({ kind: request.kind, request });
const video = taskOf({ kind: 'VIDEO', model, prompt: 'a kite' });
const key = { kind: 'VIDEO', model: 'Vidu', version: 'q2' } as const;
const at = (seconds: number): Date => new Date(Date.UTC(2026, 0, 15, 12) + seconds * 1_000);
const sent: Observed = { submittedAt: at(0), lastUnfinishedAt: null, lastWaitAt: null, runStartedAt: null };
const median = (of: ReturnType<ReturnType<typeof createCompletionModels>['ofTask']>): number =>
  of.curve('submitted').quantile(0.5, 0);

test('begin at what is usual for the kind, and for off-peak videos', () => {
  const models = createCompletionModels(builtInCatalogue);
  expect(median(models.ofTask(taskOf({ kind: 'IMAGE' })))).toBeCloseTo(12, 0);
  expect(median(models.ofTask(taskOf({ kind: 'AUDIO' })))).toBeCloseTo(67.5, 0);
  expect(median(models.ofTask(video)) / 180).toBeCloseTo(1, 2);
  const offPeak = median(models.ofTask(taskOf({ kind: 'VIDEO', model, prompt: 'a kite', offPeak: true })));
  expect(offPeak / 3_600).toBeCloseTo(1, 2);
});

test('are one for all tasks of a model, and apart for each model', () => {
  const models = createCompletionModels(builtInCatalogue);
  expect(models.ofTask(video)).toBe(models.of(key));
  expect(models.ofTask(video)).not.toBe(models.of({ ...key, version: 'q3' }));
});

test('tell what was learned once, and come back from it', () => {
  const models = createCompletionModels(builtInCatalogue);
  expect(models.knows(key)).toBe(false);
  for (let task = 0; task < 40; task += 1) models.ofTask(video).observe(sent, 'ended', at(30));
  models.of({ ...key, version: 'only read' });
  expect(models.knows(key)).toBe(true);
  const news = models.takeUnsaved();
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
  expect(models.takeUnsaved()).toEqual([]);
  const again = createCompletionModels(builtInCatalogue, news);
  expect(again.knows(key)).toBe(true);
  expect(again.of(key).completions).toBeGreaterThan(35);
  expect(median(again.of(key))).toBeCloseTo(median(models.of(key)), 6);
});

test('learn nothing from an adopted task, but time it', () => {
  const models = createCompletionModels(builtInCatalogue);
  const adopted = models.ofTask({ kind: 'IMAGE', request: null });
  const before = adopted.saved();
  const running = adopted.observe(sent, 'RUN', at(10));
  expect(running.runStartedAt).not.toBeNull();
  adopted.observe(running, 'ended', at(11));
  expect(adopted.saved()).toEqual(before);
  expect(models.takeUnsaved()).toEqual([]);
});

test('are no more for names that callers invent', () => {
  const models = createCompletionModels(builtInCatalogue);
  for (let number = 0; number < 200; number += 1) {
    const invented = { kind: 'IMAGE', model: { name: `m${number}`, version: String(number) } } as const;
    models.ofTask(taskOf(invented)).observe(sent, 'ended', at(9));
    models
      .ofTask(taskOf({ kind: 'VIDEO', model: { ...model, version: String(number) } }))
      .observe(sent, 'ended', at(9));
  }
  models.ofTask(video).observe(sent, 'ended', at(30));
  const rows = models.takeUnsaved();
  // One model for each kind of unknown, and the control.
  expect(new Set(rows.map((row) => `${row.kind} ${row.model} ${row.version}`)).size).toBe(3);
  const stored = rows.map((row) => (row.kind === 'IMAGE' ? { ...row, model: 'm1', version: '1' } : row));
  const again = createCompletionModels(builtInCatalogue, stored);
  expect(again.knows({ kind: 'IMAGE', model: 'm1', version: '1' })).toBe(false);
  expect(again.knows(key)).toBe(true);
});

test('take over what another process has learned since, and keep the rest', () => {
  const teacher = createCompletionModels(builtInCatalogue);
  const other = { ...key, version: 'q2-pro' };
  for (let task = 0; task < 40; task += 1) teacher.of(key).observe(sent, 'ended', at(30));
  const models = createCompletionModels(builtInCatalogue, teacher.takeUnsaved());
  const before = models.of(key);
  for (let task = 0; task < 40; task += 1) teacher.of(other).observe(sent, 'ended', at(60));
  models.restore(teacher.takeUnsaved());
  expect(models.of(key)).toBe(before);
  expect(median(models.of(other))).toBeCloseTo(median(teacher.of(other)), 6);
  for (let task = 0; task < 40; task += 1) teacher.of(key).observe(sent, 'ended', at(90));
  models.restore(teacher.takeUnsaved());
  expect(median(models.of(key))).toBeCloseTo(median(teacher.of(key)), 6);
});

test('leave aside what another version of the gateway has stored in other bins', () => {
  const models = createCompletionModels(builtInCatalogue, [
    { ...key, clock: 'submitted', memory: 100, score: 1, events: [9, 9, 9], exposure: [1, 1, 1] },
  ]);
  expect(models.knows(key)).toBe(false);
  expect(median(models.of(key))).toBe(median(createCompletionModels(builtInCatalogue).of(key)));
});
