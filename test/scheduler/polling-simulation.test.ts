import { describe, expect, test } from 'vitest';
import { inTurn, learned, meanDelay, play, withPriorsTimes, type Contender } from '../bench/polling/contenders.ts';
import { lowerBound } from '../bench/polling/lower-bound.ts';
import { refusedWhileShared } from '../bench/polling/shared-budget.ts';
import { A, C, C2, type Workload } from '../bench/polling/workloads.ts';

const someSeeds = [1, 2, 3, 4];

async function delay(workload: Workload, contender: Contender, seeds = someSeeds): Promise<number> {
  let sum = 0;
  for (const seed of seeds) sum += meanDelay(await play(workload, contender, seed));
  return sum / seeds.length;
}

describe('played on a virtual clock under the limit, what has ended is seen', () => {
  test('at light load within three quarters of what asking in turn takes, near the least possible', async () => {
    const reached = await delay(A, learned, [1]);
    expect(reached / (await delay(A, inTurn, [1]))).toBeLessThan(0.72);
    const image = { perSecond: 2, weight: 1, wait: { mean: 2, stages: 1 }, run: { median: 8, sigma: 0.5 } };
    const bound = lowerBound([image], 20 * 0.97);
    expect(reached / bound).toBeGreaterThan(1);
    expect(reached / bound).toBeLessThan(1.2);
  });

  test('after a burst into an upstream that nothing is known of, sooner than by asking in turn', async () => {
    expect((await delay(C, learned)) / (await delay(C, inTurn))).toBeLessThan(0.84);
  });

  test('when the upstream serves first in, first out, which it finds out, in half the time', async () => {
    expect((await delay(C2, learned)) / (await delay(C2, inTurn))).toBeLessThan(0.5);
  });

  test.each([0.25, 4])('hardly later when the priors are wrong by a factor of %d', async (factor) => {
    const right = { known: await delay(C, learned), fifo: await delay(C2, learned) };
    expect((await delay(C, withPriorsTimes(factor))) / right.known).toBeLessThan(1.05);
    expect((await delay(C2, withPriorsTimes(factor))) / right.fifo).toBeLessThan(1.12);
  });

  test('control: asking in turn is as far from the least possible as theory says', async () => {
    // Half a cycle of 22 tasks at 19.4 a second, and the way there and back.
    expect(await delay(A, inTurn, [1])).toBeCloseTo(0.67, 1);
  });
});

test('while another client spends half the budget, at most one call in a hundred is refused', async () => {
  expect(await refusedWhileShared(A, [1])).toBeLessThan(0.01);
});
