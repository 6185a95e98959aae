import { expect, test } from 'vitest';
import { createCompletionModels } from '../../src/domain/learning/completion-models.ts';
import type { DurationKey } from '../../src/domain/learning/learned-duration.ts';
import { builtInCatalogue } from '../../src/domain/models/model-catalogue.ts';
import { silentLogger } from '../../src/kit/logger.ts';
import { saveHeldOrders } from '../../src/store/held-order.ts';
import { findLearnedCurves, lastLearnedAt, saveLearnedCurves } from '../../src/store/model-durations.ts';
import { createEstimates } from '../../src/tasks/estimates.ts';
import { account, getTask, holdTask, openStore } from '../store/open-store.ts';
import { createManualClock } from '../support/manual-clock.ts';

const key: DurationKey = { kind: 'VIDEO', model: 'Vidu', version: 'q2' };
const other: DurationKey = { ...key, version: 'q2-pro' };
const request = { kind: 'VIDEO', prompt: 'a storm', model: { name: 'Vidu', version: 'q2' } } as const;

/** Estimates of a task that was submitted at the clock's beginning. */
async function openEstimates() {
  await using opening = new AsyncDisposableStack();
  const { database } = opening.use(await openStore());
  const clock = createManualClock();
  const submittedAt = new Date(clock.now());
  const task = { ...(await getTask(database, await holdTask(database, { request }))), submittedAt };
  const estimates = opening.use(
    createEstimates(database, account, { catalogue: builtInCatalogue, clock, logger: silentLogger }),
  );
  const open = opening.move();
  return {
    estimates,
    database,
    clock,
    task,
    /** Another process has seen tasks of a model end after so many seconds. */
    async learn(seconds: number, of: DurationKey = key) {
      const models = createCompletionModels(builtInCatalogue);
      const model = models.of(of);
      for (let run = 0; run < 50; run += 1) {
        const unseen = { submittedAt, lastUnfinishedAt: null, lastWaitAt: null, runStartedAt: null };
        const at = (share: number) => new Date(submittedAt.getTime() + share * seconds * 1_000);
        model.observe(model.observe(unseen, 'unfinished', at(0.95)), 'ended', at(1.05));
      }
      await saveLearnedCurves(database, account, models.takeUnsaved());
    },
    [Symbol.asyncDispose]: () => open.disposeAsync(),
  };
}

test('before anything was seen, a task is expected after what is usual for its kind, and no model has a median', async () => {
  await using opened = await openEstimates();
  const { estimates, task, clock } = opened;
  const estimate = estimates.estimate(task);
  const seconds = ((estimate?.expectedEndAt.getTime() ?? 0) - clock.now()) / 1_000;
  expect(seconds).toBeGreaterThan(150);
  expect(seconds).toBeLessThan(210);
  expect(estimate?.progress).toBe(0);
  expect(estimates.medianSeconds(key)).toBeNull();
});

test('what was learned elsewhere is known here within a second', async () => {
  await using opened = await openEstimates();
  const { estimates, learn, clock } = opened;
  await learn(40);
  await expect.poll(() => clock.sleepers()).toBe(1);
  await clock.advance(1_000);
  await expect.poll(() => estimates.medianSeconds(key)).not.toBeNull();
  expect(estimates.medianSeconds(key)).toBeGreaterThan(34);
  expect(estimates.medianSeconds(key)).toBeLessThan(46);
});

test('only what was learned since is read again, and nothing that was known is forgotten', async () => {
  await using opened = await openEstimates();
  const { estimates, learn, clock, database } = opened;
  await learn(40);
  await expect.poll(() => clock.sleepers()).toBe(1);
  await clock.advance(1_000);
  await expect.poll(() => estimates.medianSeconds(key)).not.toBeNull();
  const learnedAt = await lastLearnedAt(database, account);
  expect(await findLearnedCurves(database, account)).toHaveLength(7);
  await learn(40, other);
  expect(await findLearnedCurves(database, account)).toHaveLength(14);
  const read = await findLearnedCurves(database, account, learnedAt);
  expect(new Set(read.map(({ version }) => version))).toEqual(new Set([other.version]));
  await expect.poll(() => clock.sleepers()).toBe(1);
  await clock.advance(1_000);
  await expect.poll(() => estimates.medianSeconds(other)).not.toBeNull();
  expect(estimates.medianSeconds(key)).not.toBeNull();
});

test('the older a task is, the later it is expected, and its progress grows and stays below one', async () => {
  await using opened = await openEstimates();
  const { estimates, task, clock } = opened;
  let [endAt, progress] = [0, -1];
  for (let look = 0; look < 20; look += 1) {
    const estimate = estimates.estimate(task);
    if (estimate === null) throw new Error('There is no estimate.');
    const expectedEndAt = estimate.expectedEndAt.getTime();
    expect(expectedEndAt).toBeGreaterThanOrEqual(Math.max(endAt - 1_000, clock.now()));
    expect(estimate.latestEndAt.getTime()).toBeGreaterThanOrEqual(expectedEndAt);
    expect(estimate.progress).toBeGreaterThanOrEqual(progress - 0.01);
    expect(estimate.progress).toBeLessThan(1);
    [endAt, progress] = [expectedEndAt, estimate.progress];
    await clock.advance(60_000);
  }
});

test('nothing is estimated of a task that has ended, or of which the request is not known', async () => {
  await using opened = await openEstimates();
  const { estimates, task } = opened;
  expect(estimates.estimate({ ...task, state: 'ended', status: 'DONE' })).toBeNull();
  expect(estimates.estimate({ ...task, request: null })).toBeNull();
});

test('a held task that is not in the published order comes after all that wait', async () => {
  await using opened = await openEstimates();
  const { estimates, task, clock, database } = opened;
  const held = { ...task, state: 'held' as const, submittedAt: null };
  const secondsLater = (): number => {
    const [first, second] = [estimates.estimate({ ...held, state: 'submitting' }), estimates.estimate(held)];
    return ((second?.expectedEndAt.getTime() ?? 0) - (first?.expectedEndAt.getTime() ?? 0)) / 1_000;
  };
  const publish = async (taskIds: string[], count: number): Promise<void> => {
    await saveHeldOrders(database, account, [{ kind: 'VIDEO', taskIds, held: count, perSecond: 10 }]);
    await expect.poll(() => clock.sleepers()).toBe(1);
    await clock.advance(1_000);
  };
  const others = Array.from({ length: 20 }, () => crypto.randomUUID());
  await publish(others, 2_700);
  await expect.poll(secondsLater).toBe(270);
  // Control: one that is in it comes after those before it.
  await publish([...others, task.id], 2_700);
  await expect.poll(secondsLater).toBe(2);
});
