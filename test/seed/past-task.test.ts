import { expect, test } from 'vitest';
import { builtInCatalogue } from '../../src/domain/models/model-catalogue.ts';
import { checkRequest } from '../../src/domain/request/request-rules.ts';
import { makePastTask } from '../../src/seed/past-task.ts';

const endedAt = new Date('2026-03-01T12:00:00Z');
const make = (number: number, seed = 1) =>
  makePastTask({ owner: 'local', seed, number, endedAt, catalogue: builtInCatalogue });
const made = Array.from({ length: 4_000 }, (_, number) => make(number));

test('asks for nothing that the gateway would refuse, or warn of', () => {
  const rules = { catalogue: builtInCatalogue, exemptOrigins: [] };
  for (const { task } of made) expect(checkRequest(task.request, rules)).toEqual({ issues: [], warnings: [] });
});

test('moves forwards in time and status, and has ended', () => {
  const ranks = { WAIT: 0, RUN: 1, DONE: 2, FAIL: 2 };
  for (const { moves } of made) {
    expect(moves.at(-1)).toMatchObject({ at: endedAt, move: { state: 'ended' } });
    const order = moves.map(({ at, move }) => [at.getTime(), ranks[move.status]]);
    expect(order).toEqual(order.toSorted(([, one = 0], [, other = 0]) => one - other));
    expect(order).toEqual(order.toSorted(([one = 0], [other = 0]) => one - other));
  }
});

test('comes in all kinds, failures, models and scripts', () => {
  const codes = made.flatMap(({ moves }) => moves.at(-1)?.move.failure?.code ?? []);
  expect(new Set(codes).size).toBe(7);
  expect(codes.length / made.length).toBeGreaterThan(0.04);
  expect(codes.length / made.length).toBeLessThan(0.12);
  const models = new Set(made.map(({ task }) => `${task.kind} ${task.request.model?.name}`));
  expect(models.size).toBe(builtInCatalogue.models.length);
  for (const script of [/\p{Script=Latin}/u, /\p{Script=Han}/u, /\p{Script=Hangul}/u, /\p{Script=Arabic}/u]) {
    expect(made.some(({ task }) => script.test(task.request.prompt ?? ''))).toBe(true);
  }
});

test('is the same for the same seed, and another for another', () => {
  expect(make(17)).toEqual(make(17));
  expect(make(17, 2).task).not.toEqual(make(17).task);
});
