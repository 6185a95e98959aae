import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { documentedLimits, UpstreamCallError } from '../../src/domain/upstream.ts';
import { createBudgets, createBudgetsBeside, type Budgets } from '../../src/scheduler/budgets.ts';
import { createScheduler } from '../../src/scheduler/scheduler.ts';
import { createLeaseKeeper } from '../../src/store/account-lease.ts';
import { createSchedulingUseCases } from '../../src/tasks/scheduling.ts';
import { account } from '../store/open-store.ts';
import { createManualClock, type ManualClock } from '../support/manual-clock.ts';
import { openTasks } from '../tasks/open-tasks.ts';

let clock: ManualClock;
let over: AbortController;
beforeEach(() => {
  clock = createManualClock();
  over = new AbortController();
});
afterEach(() => over.abort());

/** How many questions about images a caller gets through in ten minutes who never stops asking. */
async function countInTenMinutes({ describe: { IMAGE } }: Budgets): Promise<number> {
  let count = 0;
  const flood = async (): Promise<void> => {
    for (;;) {
      await IMAGE.takeFor('mallory', over.signal);
      count += 1;
    }
  };
  void flood().catch(() => {});
  await clock.advance(600_000);
  return count;
}

describe('beside the process that schedules', () => {
  test('another has three calls of a hundred for its callers', async () => {
    const count = await countInTenMinutes(createBudgetsBeside(documentedLimits, clock));
    expect(count).toBeLessThanOrEqual(0.03 * 20 * 600);
    expect(count).toBeGreaterThan(0.02 * 20 * 600);
  });

  test('it has a call in some seconds where the limit is low, and no more than the limit', async () => {
    const low = createBudgetsBeside({ ...documentedLimits, DescribeAigcImageTask: 1 }, clock);
    expect(await countInTenMinutes(low)).toBeGreaterThan(600 / 6);
    const lowest = createBudgetsBeside({ ...documentedLimits, DescribeAigcImageTask: 0.01 }, clock);
    expect(await countInTenMinutes(lowest)).toBeLessThanOrEqual(6);
  });

  test('control: the one that schedules has nearly the limit', async () => {
    expect(await countInTenMinutes(createBudgets(documentedLimits, clock))).toBeGreaterThan(0.9 * 20 * 600);
  });
});

test.each([
  ['RequestLimitExceeded', 50, 200],
  // Control: what is refused for another reason says nothing of the rate.
  ['InternalError', 250, 360],
])('one that does not schedule, refused with %s, asks %i to %i times in ten minutes', async (code, atLeast, atMost) => {
  await using tasks = await openTasks();
  const { database, dependencies } = tasks;
  let asked = 0;
  const refuse = async (): Promise<never> => {
    asked += 1;
    throw new UpstreamCallError('refused', code, 'No.');
  };
  // It is never started, and so never schedules.
  const scheduler = createScheduler({
    ...dependencies,
    keeper: createLeaseKeeper(database, account, 'another'),
    upstream: { account, create: refuse, describe: refuse },
    tasks: createSchedulingUseCases(dependencies),
    limits: documentedLimits,
    submissions: 'on',
    clock,
  });
  const flood = async (): Promise<void> => {
    while (!over.signal.aborted)
      await scheduler.describe('IMAGE', '4-AigcImage-1', { owner: 'mallory' }).catch(() => {});
  };
  void flood();
  await clock.advance(600_000);
  expect(asked).toBeLessThanOrEqual(atMost);
  expect(asked).toBeGreaterThanOrEqual(atLeast);
  over.abort();
  await scheduler.stop();
});
