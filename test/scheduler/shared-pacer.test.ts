import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { TemporarilyUnavailableError, TooManyAtOnceError } from '../../src/domain/errors.ts';
import { takeForCaller } from '../../src/scheduler/callers-polls.ts';
import { createPacer, type Pacer } from '../../src/scheduler/pacer.ts';
import { createSharedPacer, type SharedPacer } from '../../src/scheduler/shared-pacer.ts';
import { createManualClock, type ManualClock } from '../support/manual-clock.ts';

let clock: ManualClock;
let alone: Pacer;
let pacer: SharedPacer;
let over: AbortController;
beforeEach(() => {
  clock = createManualClock();
  alone = createPacer(20, clock);
  pacer = createSharedPacer(alone);
  over = new AbortController();
});
afterEach(() => over.abort());

/** Takes again and again, as the scheduler does; counts. */
function poll(take: Pacer['take'] = pacer.take): { count: number } {
  const polled = { count: 0 };
  const pollAll = async (): Promise<void> => {
    for (;;) {
      await take(over.signal);
      polled.count += 1;
    }
  };
  void pollAll().catch(() => {});
  return polled;
}

/** An owner's questions, all at once; counts those that were asked, and when the first was. */
function flood(owner: string, questions: number, take = pacer.takeFor): { count: number; firstAt: number | null } {
  const asked: { count: number; firstAt: number | null } = { count: 0, firstAt: null };
  const tell = (): void => {
    asked.count += 1;
    asked.firstAt ??= clock.monotonic();
  };
  for (let question = 0; question < questions; question += 1) void take(owner, over.signal).then(tell, () => {});
  return asked;
}

describe('while callers ask without an end', () => {
  test('the scheduler keeps nine calls of ten', async () => {
    const mallory = flood('mallory', 1_000);
    const polled = poll();
    await clock.advance(60_000);
    expect(polled.count).toBeGreaterThan(0.89 * 20 * 0.97 * 60);
    expect(mallory.count).toBeGreaterThan(100);
  });

  test('control: in the order in which they came, nothing is left for the scheduler', async () => {
    flood('mallory', 1_000, (_owner, signal) => alone.take(signal));
    const polled = poll(alone.take);
    await clock.advance(10_000);
    expect(polled.count).toBe(0);
  });

  test('another owner is next but one', async () => {
    poll();
    flood('mallory', 1_000);
    await clock.advance(5_000);
    const ada = flood('ada', 1);
    await clock.advance(1_200);
    expect(ada.count).toBe(1);
  });
});

describe('a caller’s question', () => {
  test('is asked at once while nothing else waits', async () => {
    await clock.advance(1_000);
    const ada = flood('ada', 1);
    await clock.advance(0);
    expect(ada.firstAt).toBe(1_000);
  });

  test('is the next one where callers have not asked for a while, however much the scheduler has to ask', async () => {
    poll();
    await clock.advance(10_000);
    const ada = flood('ada', 1);
    await clock.advance(60);
    expect(ada.count).toBe(1);
  });
});

test('without questions of callers, the scheduler has the whole budget', async () => {
  const polled = poll();
  await clock.advance(60_000);
  expect(polled.count).toBeGreaterThanOrEqual(20 * 0.97 * 60 - 1);
});

test('who gives up takes no call from those that come after', async () => {
  await clock.advance(1_000);
  await pacer.take(over.signal);
  const gone = new AbortController();
  const given = pacer.takeFor('ada', gone.signal).catch((error: unknown) => error);
  gone.abort('gone');
  const next = flood('grace', 1);
  expect(await given).toBe('gone');
  await clock.advance(60);
  expect(next.count).toBe(1);
  expect(clock.sleepers()).toBe(0);
});

describe('to wait for trackTask', () => {
  const ask = (owner: string, stopping = over.signal) => takeForCaller(pacer, { owner }, { clock, stopping });
  const refusalOf = (asking: Promise<void>) => asking.catch((error: unknown) => error);

  test('is for twenty of an owner; the next one is told at once', async () => {
    poll();
    const waiting = Array.from({ length: 20 }, () => refusalOf(ask('mallory')));
    expect(await refusalOf(ask('mallory'))).toBeInstanceOf(TooManyAtOnceError);
    // The control: another owner's.
    const ada = ask('ada');
    await clock.advance(1_500);
    await ada;
    over.abort();
    await Promise.all(waiting);
  });

  test('takes ten seconds at most', async () => {
    const slow = createSharedPacer(createPacer(0.01, clock));
    const asking = refusalOf(takeForCaller(slow, { owner: 'ada' }, { clock, stopping: over.signal }));
    await clock.advance(9_999);
    expect(slow.waiting('ada')).toBe(1);
    await clock.advance(1);
    expect(await asking).toBeInstanceOf(TemporarilyUnavailableError);
    expect(slow.waiting('ada')).toBe(0);
  });

  test('ends with the gateway, which says so', async () => {
    const stopping = new AbortController();
    const asking = refusalOf(ask('ada', stopping.signal));
    stopping.abort();
    expect(await asking).toMatchObject({ name: 'TemporarilyUnavailableError', message: /stopped/ });
    expect(clock.sleepers()).toBe(0);
  });
});
