import { expect, test } from 'vitest';
import { createRetryDelays } from '../../src/scheduler/retry-delays.ts';
import { createManualClock } from '../support/manual-clock.ts';

test('each task delays by itself, longer each time, and at most a minute', async () => {
  const clock = createManualClock();
  const delays = createRetryDelays(clock);
  const pauses: number[] = [];
  for (let refusal = 0; refusal < 9; refusal += 1) {
    const from = clock.monotonic();
    delays.begin('refused');
    expect(delays.isWaiting('another')).toBe(false);
    while (delays.isWaiting('refused')) await clock.advance(1_000);
    pauses.push(clock.monotonic() - from);
  }
  expect(pauses).toEqual([1_000, 2_000, 4_000, 8_000, 16_000, 32_000, 60_000, 60_000, 60_000]);
});

test('what needs no rest any more begins anew, and says that it was refused before', async () => {
  const clock = createManualClock();
  const delays = createRetryDelays(clock);
  delays.begin('one');
  await clock.advance(1_000);
  delays.begin('one');
  delays.begin('other');
  expect(delays.end('one')).toBe(true);
  expect(delays.end('never refused')).toBe(false);
  delays.begin('one');
  await clock.advance(1_000);
  expect(delays.isWaiting('one')).toBe(false);
  delays.begin('one');
  delays.endAll();
  expect(['one', 'other'].filter(delays.isWaiting)).toEqual([]);
});
