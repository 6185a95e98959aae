import { setImmediate as turn } from 'node:timers/promises';
import { expect, onTestFinished, test } from 'vitest';
import type { Lease, LeaseKeeper } from '../../src/domain/lease.ts';
import { silentLogger } from '../../src/kit/logger.ts';
import { createWakeUp } from '../../src/kit/wake-up.ts';
import { lead } from '../../src/scheduler/leadership.ts';
import { createDatabase } from '../../src/store/database.ts';
import { createLeaseKeeper } from '../../src/store/account-lease.ts';
import { createTestDatabase } from '../support/database.ts';
import { createManualClock } from '../support/manual-clock.ts';

type Answer = 'granted' | 'refused' | 'broken' | 'hanging' | 'of another epoch';

type Options = { answer?: Answer; term?: (lease: Lease, signal: AbortSignal) => Promise<void> };

/** Leads with a keeper that answers as it is told. */
function startLeading({ answer: firstAnswer = 'granted', term }: Options = {}) {
  const clock = createManualClock();
  const stopping = new AbortController();
  const log: string[] = [];
  let answer = firstAnswer;
  let epoch = 1n;
  const keeper: LeaseKeeper = {
    async acquire() {
      log.push('asked');
      if (answer === 'broken') throw new Error('The database is away.');
      if (answer === 'hanging') return await new Promise<never>(() => {});
      if (answer === 'refused') return null;
      if (answer === 'of another epoch') epoch += 1n;
      return { epoch };
    },
    async release() {
      log.push('released');
    },
  };
  const untilOver = async ({ epoch: of }: Lease, signal: AbortSignal): Promise<void> => {
    log.push(`term ${of} begins`);
    if (!signal.aborted) await new Promise((resolve) => signal.addEventListener('abort', resolve, { once: true }));
    log.push(`term ${of} ends at ${clock.monotonic()}`);
  };
  const leading = lead(keeper, term ?? untilOver, {
    clock,
    logger: silentLogger,
    signal: stopping.signal,
    released: createWakeUp(clock),
  });
  onTestFinished(() => stopping.abort());
  return {
    clock,
    log,
    answer: (next: Answer) => void (answer = next),
    async stop() {
      stopping.abort();
      await leading;
    },
  };
}

const events = (log: readonly string[]) => log.filter((entry) => entry !== 'asked');

test('renews the lease every two seconds for as long as the term lasts, and gives it back', async () => {
  const { clock, log, stop } = startLeading();
  await clock.advance(60_000);
  expect(log.filter((entry) => entry === 'asked')).toHaveLength(31);
  await stop();
  expect(events(log)).toEqual(['term 1 begins', 'term 1 ends at 60000', 'released']);
  expect(log.at(-1)).toBe('released');
  expect(clock.sleepers()).toBe(0);
});

test.for(['refused', 'broken', 'hanging'] as const)('waits its turn while the lease is %s', async (how) => {
  const { clock, log, answer, stop } = startLeading({ answer: how });
  await clock.advance(20_000);
  expect(events(log)).toEqual([]);
  answer('granted');
  await clock.advance(10_000);
  expect(events(log)).toEqual(['term 1 begins']);
  await stop();
});

test.for(['refused', 'of another epoch'] as const)('a renewal that is %s ends the term at once', async (how) => {
  const { clock, log, answer, stop } = startLeading();
  await clock.advance(1_000);
  answer(how);
  await clock.advance(1_000);
  expect(events(log)).toEqual(['term 1 begins', 'term 1 ends at 2000', 'released']);
  await stop();
});

test.for(['broken', 'hanging'] as const)(
  'a database that is %s ends the term before the lease runs out',
  async (how) => {
    const { clock, log, answer, stop } = startLeading();
    await clock.advance(3_000);
    answer(how);
    await clock.advance(20_000);
    // Renewed last at 2 s, so it is valid until 12 s: 2 s before that, nothing is sent any more.
    expect(events(log)[1]).toBe('term 1 ends at 10000');
    await stop();
  },
);

test('a database that fails for a moment ends nothing', async () => {
  const { clock, log, answer, stop } = startLeading();
  for (let failure = 0; failure < 10; failure += 1) {
    answer('broken');
    await clock.advance(5_000);
    answer('granted');
    await clock.advance(5_000);
  }
  expect(events(log)).toEqual(['term 1 begins']);
  await stop();
});

test('the next term begins although the last one still has something to record; at the end all are waited for', async () => {
  const over = Promise.withResolvers<void>();
  let terms = 0;
  const { clock, log, answer, stop } = startLeading({
    term: async (_lease, signal) => {
      terms += 1;
      if (terms === 1) return await over.promise;
      await new Promise((resolve) => signal.addEventListener('abort', resolve, { once: true }));
    },
  });
  await clock.advance(1_000);
  answer('of another epoch');
  await clock.advance(2_000);
  expect(terms).toBe(1);
  answer('granted');
  await clock.advance(5_000);
  expect(terms).toBe(2);
  expect(events(log)).toEqual(['released']);
  let isStopped = false;
  const stopping = stop().then(() => void (isStopped = true));
  await clock.advance(60_000);
  expect(isStopped).toBe(false);
  over.resolve();
  await stopping;
});

test('what is under way at the end of the lease is recorded before the lease is given back, if it takes no longer than the margin', async () => {
  const { clock, log, answer, stop } = startLeading({
    term: async (_lease, signal) => {
      await new Promise((resolve) => signal.addEventListener('abort', resolve, { once: true }));
      await clock.sleep(1_500);
      log.push('recorded');
    },
  });
  await clock.advance(1_000);
  answer('refused');
  await clock.advance(5_000);
  expect(events(log)).toEqual(['recorded', 'released']);
  await stop();
});

test('a process that stops gives the lease back when all is recorded, however long that takes', async () => {
  const { clock, log, stop } = startLeading({
    term: async (_lease, signal) => {
      await new Promise((resolve) => signal.addEventListener('abort', resolve, { once: true }));
      await clock.sleep(15_000);
      log.push('recorded');
    },
  });
  await clock.advance(1_000);
  const stopping = stop();
  await clock.advance(20_000);
  await stopping;
  expect(events(log)).toEqual(['recorded', 'released']);
});

test('a term that breaks off by itself gives the lease up, and another begins', async () => {
  let terms = 0;
  const { clock, log, stop } = startLeading({ term: async () => void (terms += 1) });
  await clock.advance(10_000);
  expect(terms).toBeGreaterThanOrEqual(5);
  expect(events(log)).toHaveLength(terms);
  await stop();
  expect(clock.sleepers()).toBe(0);
});

test('of two processes one schedules; the other takes over at once when the lease is given back', async () => {
  await using testDatabase = await createTestDatabase();
  await using database = createDatabase(testDatabase.config, silentLogger);
  const [one, other] = [createLeaseKeeper(database, 'account', 'one'), createLeaseKeeper(database, 'account', 'other')];
  const stoppings = [new AbortController(), new AbortController()];
  const terms: string[] = [];
  const clocks = [createManualClock(), createManualClock()];
  const start = (keeper: LeaseKeeper, index: 0 | 1) =>
    lead(
      keeper,
      async ({ epoch }, signal) => {
        terms.push(`${index} in ${epoch}`);
        await new Promise((resolve) => signal.addEventListener('abort', resolve, { once: true }));
      },
      {
        clock: clocks[index] ?? createManualClock(),
        logger: silentLogger,
        signal: stoppings[index]?.signal ?? AbortSignal.abort(),
        released: createWakeUp(clocks[index] ?? createManualClock()),
      },
    );
  const until = async (done: () => boolean) => {
    while (!done()) await turn();
  };

  const leading = start(one, 0);
  await until(() => terms.length === 1);
  const waiting = start(other, 1);
  for (let look = 0; look < 3; look += 1) await clocks[1]?.advance(2_000);
  expect(terms).toEqual(['0 in 1']);
  stoppings[0]?.abort();
  await leading;
  // Its last question may still be under way: then it sleeps once more.
  while (terms.length < 2) {
    await clocks[1]?.advance(2_000);
    await turn();
  }
  expect(terms).toEqual(['0 in 1', '1 in 2']);
  stoppings[1]?.abort();
  await waiting;
});
