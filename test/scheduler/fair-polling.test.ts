import { describe, expect, test } from 'vitest';
import { createCompletionModel, type Observed } from '../../src/domain/learning/completion-model.ts';
import { seededRandom } from '../../src/kit/seeded-random.ts';
import { createIndexPolicy } from '../../src/scheduler/index-policy.ts';
import { quantile } from '../bench/statistics.ts';

/** An owner's images: so many a second, each of 2 s in the queue and a run of 8 s in the median. */
type Load = { shareGroup: string; perSecond: number; watched?: boolean };
type Image = { load: Load; endsAt: number; startsAt: number; observed: Observed };
type Played = { delays: Map<string, number[]>; polls: Map<string, number>; calls: number };

const perSecond = 20;
const warmUp = 60;

/** Plays a budget of 20 polls a second, each answered at once; what comes in the first minute is not measured. */
function play(loads: readonly Load[], seconds: number): Played {
  const random = seededRandom('fair polling');
  const policy = createIndexPolicy();
  const model = createCompletionModel({ wholeSeconds: 12, runSeconds: 8 });
  const images = new Map<string, Image>();
  const played: Played = { delays: new Map(), polls: new Map(), calls: 0 };
  const enter = (id: string, { load: { shareGroup }, observed }: Image): void =>
    policy.add({ id, shareGroup, model, observed, weight: 1, aside: false });

  function arrive(load: Load, now: number): void {
    const startsAt = now - 2 * Math.log(1 - random.fraction());
    const observed = {
      submittedAt: new Date(now * 1_000),
      lastUnfinishedAt: null,
      lastWaitAt: null,
      runStartedAt: null,
    };
    const image = { load, startsAt, endsAt: startsAt + random.logNormal(8, 0.5), observed };
    const id = `${load.shareGroup} ${images.size} ${now} ${random.fraction()}`;
    images.set(id, image);
    enter(id, image);
  }

  function poll(id: string, now: number): void {
    const image = images.get(id);
    if (image === undefined) return;
    const { load, startsAt, endsAt, observed } = image;
    const status = now >= endsAt ? 'ended' : now >= startsAt ? 'RUN' : 'WAIT';
    image.observed = model.observe(observed, status, new Date(now * 1_000));
    if (now > warmUp) {
      played.calls += 1;
      played.polls.set(load.shareGroup, (played.polls.get(load.shareGroup) ?? 0) + 1);
    }
    if (status !== 'ended') return enter(id, image);
    images.delete(id);
    if (now > warmUp) played.delays.set(load.shareGroup, [...(played.delays.get(load.shareGroup) ?? []), now - endsAt]);
  }

  for (let turn = 0; turn < (warmUp + seconds) * perSecond; turn += 1) {
    const now = turn / perSecond;
    for (const load of loads) if (random.fraction() < load.perSecond / perSecond) arrive(load, now);
    if (turn % perSecond === 0)
      policy.watch(new Set([...images].filter(([, of]) => of.load.watched).map(([id]) => id)));
    const choice = policy.next(now * 1_000);
    if (choice !== null && 'id' in choice) poll(choice.id, now);
  }
  return played;
}

const median = ({ delays }: Played, shareGroup: string): number => quantile(delays.get(shareGroup) ?? [], 0.5);
const mean = ({ delays }: Played, shareGroup: string): number => {
  const all = delays.get(shareGroup) ?? [];
  return all.reduce((sum, delay) => sum + delay, 0) / all.length;
};
const share = ({ polls, calls }: Played, shareGroup: string): number => (polls.get(shareGroup) ?? 0) / calls;

const small = { shareGroup: 'small', perSecond: 0.2 };
const alone = play([small], 300);

describe('an owner that asks for little', () => {
  test.each([
    ['a large one', { shareGroup: 'large', perSecond: 10 }],
    ['one that watches all of its many', { shareGroup: 'large', perSecond: 10, watched: true }],
    ['one that makes more than can be asked after', { shareGroup: 'large', perSecond: 19, watched: true }],
  ])('sees its ends hardly later beside %s', (_whom, large) => {
    const beside = play([large, small], 300);
    expect(median(beside, 'small')).toBeLessThan(median(alone, 'small') + 0.5);
    expect(mean(beside, 'small')).toBeLessThan(mean(alone, 'small') + 0.5);
  });

  test('leaves the large one all that it does not need', () => {
    const beside = play([{ shareGroup: 'large', perSecond: 10 }, small], 300);
    expect(beside.calls).toBeGreaterThan(0.99 * 300 * perSecond);
    expect(share(beside, 'large')).toBeGreaterThan(0.85);
  });
});

describe('owners that ask for more than there is', () => {
  test('have equal shares, however many each makes or watches', () => {
    const beside = play(
      [
        { shareGroup: 'watching', perSecond: 19, watched: true },
        { shareGroup: 'unwatched', perSecond: 11 },
      ],
      300,
    );
    expect(share(beside, 'unwatched')).toBeGreaterThan(0.47);
    expect(share(beside, 'watching')).toBeGreaterThan(0.47);
  });

  test('leave each its share, also one beside a crowd', () => {
    const crowd = Array.from({ length: 9 }, (_, number) => ({
      shareGroup: `one ${number}`,
      perSecond: 3,
      watched: true,
    }));
    const beside = play([{ shareGroup: 'large', perSecond: 10 }, ...crowd], 300);
    expect(share(beside, 'large')).toBeGreaterThan(0.09);
    expect(share(beside, 'large')).toBeLessThan(0.13);
  });
});

const start = Date.UTC(2026, 0, 15, 12);
const model = createCompletionModel({ wholeSeconds: 12, runSeconds: 8 });
const sighted = (seconds: number): Observed => ({
  submittedAt: new Date(start + seconds * 1_000),
  lastUnfinishedAt: null,
  lastWaitAt: null,
  runStartedAt: null,
});

test('among owners that are level with each other only the value decides', () => {
  const policies = [createIndexPolicy(), createIndexPolicy()] as const;
  const orders = policies.map((policy, which) => {
    for (let number = 0; number < 500; number += 1) {
      const shareGroup = which === 0 ? `owner ${number % 50}` : 'the only one';
      const observed = sighted(-((number * 7_919) % 500) / 10);
      policy.add({ id: String(number), shareGroup, model, observed, weight: 1, aside: false });
    }
    policy.watch(new Set(['0', '7', '300']));
    return Array.from({ length: 500 }, (_, turn) => policy.next(start + 1_000 + 50 * turn));
  });
  expect(orders[0]).toEqual(orders[1]);
});

test('an owner’s straggler does not wait for all those of another owner', () => {
  const policy = createIndexPolicy();
  const hopeless = (id: string, shareGroup: string) => {
    const observed = sighted(-400);
    policy.add({ id, shareGroup, model, observed, weight: 1, aside: true }, start);
  };
  for (let number = 0; number < 200; number += 1) hopeless(`many ${number}`, 'many');
  hopeless('one', 'few');
  const named = Array.from({ length: 40 }, (_, turn) => policy.next(start + 50 * turn));
  expect(named).toContainEqual({ id: 'one' });
});

test('an owner that had more than its share while it was alone does not pay for it', () => {
  const policy = createIndexPolicy();
  const add = (id: string, shareGroup: string, seconds: number): void =>
    policy.add({ id, shareGroup, model, observed: sighted(seconds), weight: 1, aside: false });
  for (let number = 0; number < 4_000; number += 1) add(`a ${number}`, 'a', -number / 100);
  for (let turn = 0; turn < 3_000; turn += 1) policy.next(start + 50 * turn);
  for (let number = 0; number < 1_000; number += 1) add(`b ${number}`, 'b', 149);
  const named = Array.from({ length: 600 }, (_, turn) => policy.next(start + 150_000 + 50 * turn));
  const ofA = named.filter((choice) => choice !== null && 'id' in choice && choice.id.startsWith('a')).length;
  expect(ofA).toBeGreaterThan(200);
});
