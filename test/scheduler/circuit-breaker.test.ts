import { expect, test } from 'vitest';
import { createCircuitBreaker, type Pass, type CircuitBreaker } from '../../src/scheduler/circuit-breaker.ts';
import { createManualClock, type ManualClock } from '../support/manual-clock.ts';

const alive = new AbortController().signal;

/** Some who wait at the breaker, and the passes of those who got through. */
function waitAt(breaker: CircuitBreaker, callers: number): Pass[] {
  const passes: Pass[] = [];
  for (let caller = 0; caller < callers; caller += 1) void breaker.pass(alive).then((pass) => passes.push(pass));
  return passes;
}

async function createClosedGate(): Promise<{ clock: ManualClock; breaker: CircuitBreaker }> {
  const clock = createManualClock();
  const breaker = createCircuitBreaker(clock);
  (await breaker.pass(alive)).failed('the key is wrong');
  return { clock, breaker };
}

test('everybody passes while all is well', async () => {
  const clock = createManualClock();
  const passes = waitAt(createCircuitBreaker(clock), 50);
  await clock.advance(0);
  expect(passes).toHaveLength(50);
});

test('in trouble, one probe at a time goes through, after growing pauses of at most a minute', async () => {
  const { clock, breaker } = await createClosedGate();
  expect(breaker.trouble).toBe('the key is wrong');
  const passes = waitAt(breaker, 20);
  const pauses: number[] = [];
  for (let probe = 0; probe < 10; probe += 1) {
    const from = clock.monotonic();
    while (passes.length === probe) await clock.advance(100);
    pauses.push(clock.monotonic() - from);
    await clock.advance(600_000);
    expect(passes).toHaveLength(probe + 1);
    passes.at(-1)?.failed('the key is still wrong');
  }
  expect(pauses).toEqual([500, 1_000, 2_000, 4_000, 8_000, 16_000, 32_000, 60_000, 60_000, 60_000]);
});

test('the first probe that works opens it for all, and the next trouble begins with a short pause', async () => {
  const { clock, breaker } = await createClosedGate();
  const passes = waitAt(breaker, 20);
  await clock.advance(500);
  passes[0]?.failed('again');
  await clock.advance(1_000);
  passes[1]?.worked();
  await clock.advance(0);
  expect(passes).toHaveLength(20);
  expect(breaker.trouble).toBeNull();

  passes[2]?.failed('trouble again');
  const late = waitAt(breaker, 1);
  await clock.advance(499);
  expect(late).toHaveLength(0);
  await clock.advance(1);
  expect(late).toHaveLength(1);
});

test('a probe that says nothing makes place for another', async () => {
  const { clock, breaker } = await createClosedGate();
  const passes = waitAt(breaker, 2);
  await clock.advance(500);
  passes[0]?.undecided();
  await clock.advance(0);
  expect(passes).toHaveLength(2);
});

test('calls from before the trouble that come back late neither lengthen the pause nor end the probe', async () => {
  const clock = createManualClock();
  const breaker = createCircuitBreaker(clock);
  const before = waitAt(breaker, 20);
  await clock.advance(0);
  for (const pass of before.slice(0, 10)) pass.failed('unreachable');
  const passes = waitAt(breaker, 20);
  await clock.advance(500);
  expect(passes).toHaveLength(1);
  before[10]?.undecided();
  before[11]?.failed('unreachable');
  await clock.advance(100_000);
  expect(passes).toHaveLength(1);
  // One that worked is evidence, whenever it was sent.
  before[12]?.worked();
  await clock.advance(0);
  expect(passes).toHaveLength(20);
});

test('who waits gives up with the signal, and leaves no timer', async () => {
  const { clock, breaker } = await createClosedGate();
  const impatient = new AbortController();
  const waiting = breaker.pass(impatient.signal);
  impatient.abort(new Error('the term is over'));
  await expect(waiting).rejects.toThrow('the term is over');
  expect(clock.sleepers()).toBe(0);
});
