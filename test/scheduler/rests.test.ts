import { expect, test } from 'vitest';
import { createRests } from '../../src/scheduler/rests.ts';
import { createManualClock } from '../support/manual-clock.ts';

test('each task rests by itself, longer each time, and at most a minute', async () => {
  const clock = createManualClock();
  const rests = createRests(clock);
  const pauses: number[] = [];
  for (let refusal = 0; refusal < 9; refusal += 1) {
    const from = clock.monotonic();
    rests.begin('refused');
    expect(rests.isResting('another')).toBe(false);
    while (rests.isResting('refused')) await clock.advance(1_000);
    pauses.push(clock.monotonic() - from);
  }
  expect(pauses).toEqual([1_000, 2_000, 4_000, 8_000, 16_000, 32_000, 60_000, 60_000, 60_000]);
});

test('what needs no rest any more begins anew, and says that it was refused before', async () => {
  const clock = createManualClock();
  const rests = createRests(clock);
  rests.begin('one');
  await clock.advance(1_000);
  rests.begin('one');
  rests.begin('other');
  expect(rests.end('one')).toBe(true);
  expect(rests.end('never refused')).toBe(false);
  rests.begin('one');
  await clock.advance(1_000);
  expect(rests.isResting('one')).toBe(false);
  rests.begin('one');
  rests.endAll();
  expect(['one', 'other'].filter(rests.isResting)).toEqual([]);
});
