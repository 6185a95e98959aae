import { describe, expect, test, vi } from 'vitest';
import { createBackoff } from '../../src/kit/backoff.ts';
import { createPerSecondWindow } from '../../src/kit/per-second-window.ts';
import { createPromptIterator, iteratorEnd, leftOut, mapEach } from '../../src/kit/prompt-iterator.ts';
import { readBounded } from '../../src/kit/read-bounded.ts';
import { repeat } from '../../src/kit/repeat.ts';
import { silentLogger } from '../../src/kit/logger.ts';
import { createRunningWork } from '../../src/kit/running-work.ts';
import { createWakeUp } from '../../src/kit/wake-up.ts';
import { createManualClock } from '../support/manual-clock.ts';

test('a backoff doubles up to its maximum, and begins anew after a success', () => {
  const backoff = createBackoff({ firstMs: 100, maxMs: 350 });
  expect([backoff.nextMs(), backoff.nextMs(), backoff.nextMs(), backoff.nextMs()]).toEqual([100, 200, 350, 350]);
  backoff.reset();
  expect(backoff.nextMs()).toBe(100);
});

describe('content is read', () => {
  async function* contentOf(...sizes: number[]) {
    for (const size of sizes) yield Buffer.alloc(size, 'x');
  }

  test('whole, where it has as many bytes as it may', async () => {
    expect(await readBounded(contentOf(3, 0, 2), 5)).toEqual(Buffer.from('xxxxx'));
  });

  test('no further than its bound', async () => {
    const close = vi.fn<() => void>();
    async function* endless() {
      try {
        for (;;) yield Buffer.alloc(1_000);
      } finally {
        close();
      }
    }
    expect(await readBounded(endless(), 2_500)).toBeNull();
    expect(close).toHaveBeenCalledOnce();
  });
});

test('an iterator is left at once, also while its next item is waited for', async () => {
  const end = vi.fn<() => void>();
  const iterator = createPromptIterator<string>({ next: () => Promise.withResolvers<never>().promise, end });
  void iterator.next();
  expect(await iterator.return?.()).toEqual(iteratorEnd);
  expect(end).toHaveBeenCalledOnce();
});

test('an iterator that is mapped twice gives what both mappings make of each item, and leaves out what one of them does', async () => {
  const end = vi.fn<() => void>();
  let number = 0;
  const numbers = createPromptIterator<number>({
    next: async () => (number < 6 ? { done: false, value: (number += 1) } : iteratorEnd),
    end,
  });
  const odd = mapEach(numbers, (value) => (value % 2 === 0 ? leftOut : value));
  const texts = mapEach(odd, (value) => (value === 3 ? leftOut : `number ${value}`));
  expect(await Array.fromAsync(texts)).toEqual(['number 1', 'number 5']);
  expect(await texts.return?.()).toEqual(iteratorEnd);
  expect(end).toHaveBeenCalledOnce();
});

test('running work has ended when all of it has, also what was begun meanwhile and what failed', async () => {
  const running = createRunningWork();
  const [first, second] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
  const followed = running.track(first.promise.then(() => void running.track(second.promise).catch(() => {})));
  let hasEnded = false;
  const ending = running.ended().then(() => (hasEnded = true));
  first.resolve();
  await followed;
  expect([hasEnded, running.size]).toEqual([false, 1]);
  second.reject(new Error('It failed.'));
  await ending;
  expect(running.size).toBe(0);
});

test('no second holds more than a window allows, wherever it begins', async () => {
  const clock = createManualClock();
  const window = createPerSecondWindow(3, clock);
  const times: number[] = [];
  for (let call = 0; call < 10; call += 1) {
    await clock.advance(window.waitMs() + (call % 3) * 100);
    window.record();
    times.push(clock.monotonic());
  }
  expect(times.every((time) => times.filter((other) => other >= time && other < time + 1_000).length <= 3)).toBe(true);
  expect(window.waitMs()).toBeGreaterThan(0);
});

test('turns follow each other at the latest after the pause, sooner where one says so, and at once when woken', async () => {
  const clock = createManualClock();
  const wakeUp = createWakeUp(clock);
  const ending = new AbortController();
  const answers = [100, null, 60_000, -5];
  const turns: number[] = [];
  const repetition = { everyMs: 1_000, failure: '', clock, logger: silentLogger, signal: ending.signal, wakeUp };
  const begun = clock.now();
  const running = repeat(async () => {
    turns.push(clock.now() - begun);
    return answers.shift();
  }, repetition);
  for (const ms of [100, 1_000, 1_000, 20]) await clock.advance(ms);
  expect(turns).toEqual([0, 100, 1_100, 2_100, 2_120]);
  wakeUp.wake();
  await clock.advance(0);
  expect(turns.at(-1)).toBe(2_120);
  expect(turns).toHaveLength(6);
  ending.abort();
  await running;
});
