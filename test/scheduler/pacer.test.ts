import { describe, expect, test } from 'vitest';
import type { Clock } from '../../src/kit/clock.ts';
import { createPacer, type Pacer } from '../../src/scheduler/pacer.ts';
import { createManualClock, type ManualClock } from '../support/manual-clock.ts';
import { createLateClock } from './late-clock.ts';

const alive = new AbortController().signal;

/** Takes again and again for a while, and tells when. */
async function takeFor(seconds: number, pacer: Pacer, clock: ManualClock, takers = 1): Promise<number[]> {
  const over = new AbortController();
  const taken: number[] = [];
  const takeAll = async (): Promise<void> => {
    for (;;) {
      await pacer.take(over.signal);
      taken.push(clock.monotonic());
    }
  };
  const taking = Array.from({ length: takers }, () => takeAll().catch(() => {}));
  await clock.advance(seconds * 1_000);
  over.abort();
  await Promise.all(taking);
  return taken;
}

function mostInOneSecond(times: readonly number[]): number {
  return Math.max(...times.map((from) => times.filter((time) => time >= from && time < from + 1_000).length));
}

/** What the pacer guards against, for the control: the same pace, by the plan alone. */
function createPlannedPacer(limit: number, clock: Clock): Pacer {
  const intervalMs = 1_000 / (limit * 0.97);
  let nextAt = intervalMs;
  return {
    async take(signal) {
      const at = Math.max(clock.monotonic(), nextAt);
      nextAt = at + intervalMs;
      await clock.sleep(at - clock.monotonic(), signal);
    },
    refused: () => {},
    perSecond: () => 0,
    level: () => 0,
  };
}

describe('the pace', () => {
  test.each([0.1, 1, 1.5, 10, 20, 50])('of %d a second is kept in every second, evenly', async (limit) => {
    const clock = createManualClock();
    const taken = await takeFor(40, createPacer(limit, clock), clock);
    expect(mostInOneSecond(taken)).toBeLessThanOrEqual(Math.max(1, limit));
    const wanted = Math.floor(Number.isInteger(limit) || limit < 1 ? limit * 0.97 * 40 : 39);
    expect(taken.length).toBeGreaterThanOrEqual(wanted - 1);
  });

  test('starts empty', async () => {
    const clock = createManualClock();
    const pacer = createPacer(20, clock);
    expect(pacer.level()).toBe(0);
    expect((await takeFor(1, pacer, clock))[0]).toBeGreaterThan(50);
  });

  test('holds nothing in store for an hour without calls', async () => {
    const clock = createManualClock();
    const pacer = createPacer(20, clock);
    await clock.advance(3_600_000);
    expect(pacer.level()).toBe(1);
    expect(mostInOneSecond(await takeFor(3, pacer, clock))).toBeLessThanOrEqual(20);
  });

  test('is shared by all who take, in the order in which they came', async () => {
    const clock = createManualClock();
    const pacer = createPacer(20, clock);
    const order: number[] = [];
    const taking = [1, 2, 3].map((who) => pacer.take(alive).then(() => order.push(who)));
    await clock.advance(1_000);
    await Promise.all(taking);
    expect(order).toEqual([1, 2, 3]);
    expect(mostInOneSecond(await takeFor(10, pacer, clock, 30))).toBeLessThanOrEqual(20);
  });
});

describe('with timers that fire late', () => {
  const lateBy = (pattern: readonly number[]) => {
    let call = 0;
    return () => pattern[(call += 1) % pattern.length] ?? 0;
  };
  const lateness = [0, 0, 45, 0, 3, 0, 49, 0];

  test('no second holds more than the limit, and little is lost', async () => {
    const clock = createLateClock(createManualClock(), lateBy(lateness));
    const taken = await takeFor(60, createPacer(20, clock), clock);
    expect(mostInOneSecond(taken)).toBeLessThanOrEqual(20);
    expect(taken.length).toBeGreaterThan(20 * 0.93 * 60);
  });

  test('a pace of more calls than timers can tell apart loses little, and still crowds no second', async () => {
    const clock = createLateClock(createManualClock(), lateBy([1, 0, 2, 0, 15, 1]));
    const taken = await takeFor(3, createPacer(400, clock), clock);
    expect(mostInOneSecond(taken)).toBeLessThanOrEqual(400);
    expect(taken.length).toBeGreaterThan(400 * 0.93 * 3);
  });

  test('a process that stood still sends no burst afterwards', async () => {
    let stillMs = 0;
    const clock = createLateClock(createManualClock(), () => stillMs);
    const pacer = createPacer(20, clock);
    await takeFor(2, pacer, clock);
    stillMs = 5_000;
    const [first] = await takeFor(6, pacer, clock, 40);
    stillMs = 0;
    const taken = await takeFor(3, pacer, clock, 40);
    expect(mostInOneSecond([first ?? 0, ...taken])).toBeLessThanOrEqual(20);
  });

  test('control: a pacer that keeps to its plan alone crowds a second', async () => {
    const clock = createLateClock(createManualClock(), lateBy([0, 0, 49, 0, 0, 0, 0, 0]));
    expect(mostInOneSecond(await takeFor(60, createPlannedPacer(20, clock), clock))).toBeGreaterThan(20);
  });
});

describe('after a refusal', () => {
  test('it goes slower at once, and comes back when the upstream is content', async () => {
    const clock = createManualClock();
    const pacer = createPacer(20, clock);
    const before = (await takeFor(10, pacer, clock)).length;
    pacer.refused();
    const slowed = (await takeFor(2, pacer, clock)).length;
    expect(slowed).toBeLessThanOrEqual(Math.ceil((before / 5) * 0.75) + 1);
    await clock.advance(30_000);
    expect((await takeFor(10, pacer, clock)).length).toBeGreaterThanOrEqual(before - 1);
  });

  test('another one soon after makes it careful for a while, and no longer', async () => {
    const clock = createManualClock();
    const pacer = createPacer(20, clock);
    pacer.refused();
    await takeFor(15, pacer, clock);
    const refusedAt = pacer.perSecond();
    pacer.refused();
    await takeFor(25, pacer, clock);
    expect(pacer.perSecond()).toBeGreaterThan(0.85 * refusedAt);
    expect(pacer.perSecond()).toBeLessThan(refusedAt);
    await takeFor(20, pacer, clock);
    expect(pacer.perSecond()).toBeGreaterThan(19);
  });

  test('a single one, the first in a minute, is made good within ten seconds', async () => {
    const clock = createManualClock();
    const pacer = createPacer(20, clock);
    for (let time = 0; time < 2; time += 1) {
      await takeFor(61, pacer, clock);
      pacer.refused();
      await takeFor(11, pacer, clock);
      expect(pacer.perSecond()).toBeGreaterThan(19);
    }
  });

  test('many refusals of one moment count as one, and many of many moments leave a trickle', async () => {
    const clock = createManualClock();
    const pacer = createPacer(20, clock);
    for (let call = 0; call < 50; call += 1) pacer.refused();
    expect((await takeFor(2, pacer, clock)).length).toBeGreaterThan(25);
    for (let second = 0; second < 60; second += 1) {
      pacer.refused();
      await clock.advance(1_000);
    }
    const trickle = (await takeFor(2, pacer, clock)).length;
    expect(trickle).toBeGreaterThanOrEqual(1);
    expect(trickle).toBeLessThanOrEqual(4);
  });
});

describe('who gives up waiting', () => {
  test('gets the reason of the signal, and takes no call from the next', async () => {
    const clock = createManualClock();
    const pacer = createPacer(1, clock);
    await takeFor(2, pacer, clock);
    const impatient = new AbortController();
    const waiting = pacer.take(impatient.signal);
    const patient = pacer.take(alive);
    impatient.abort(new Error('enough'));
    await expect(waiting).rejects.toThrow('enough');
    await clock.advance(1_100);
    await patient;
    expect(clock.sleepers()).toBe(0);
  });
});
