import { describe, expect, test, vi } from 'vitest';
import { createBackoff } from '../../src/kit/backoff.ts';
import { createPerSecondWindow } from '../../src/kit/per-second-window.ts';
import { createPromptIterator, iteratorEnd } from '../../src/kit/prompt-iterator.ts';
import { readBounded } from '../../src/kit/read-bounded.ts';
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
