import type { Clock } from '../kit/clock.ts';
import { createCompletionModels } from '../domain/learning/completion-models.ts';
import type { Lease } from '../domain/lease.ts';
import type { MetricsSink } from '../domain/metrics.ts';
import type { ModelCatalogue } from '../domain/models/model-catalogue.ts';
import { taskKinds, type TaskKind } from '../domain/task/task.ts';
import { upstreamActions, type Upstream, type UpstreamLimits } from '../domain/upstream.ts';
import type { Logger } from '../kit/logger.ts';
import type { Database } from '../store/database.ts';
import { findCorrectableTasks, findFollowedTasks, findRunningTasks } from '../store/following.ts';
import { forgetOldChanges } from '../store/forget-changes.ts';
import { saveHeldOrders } from '../store/held-order.ts';
import { findLearnedCurves, saveLearnedCurves } from '../store/model-durations.ts';
import { findHeldTasks, type HeldTask } from '../store/submitting.ts';
import { findWatched, forgetExpiredWatch } from '../store/task-watch.ts';
import type { SchedulingUseCases } from '../tasks/scheduling.ts';
import { createFollowedTasks } from './followed-tasks.ts';
import { createPoller } from './poller.ts';
import type { Budgets } from './budgets.ts';
import type { IndexPolicy } from './index-policy.ts';
import { createKindSubmission, heldWindow } from './kind-submission.ts';
import { createSweep } from './sweep.ts';
import type { CircuitBreaker } from './circuit-breaker.ts';
import { repeat } from '../kit/repeat.ts';
import { createSerialLoader } from '../kit/serial-loader.ts';
import { createWakeUp } from '../kit/wake-up.ts';

export type LeadershipTermOptions = {
  lease: Lease;
  upstream: Upstream;
  database: Database;
  tasks: SchedulingUseCases;
  budgets: Budgets;
  limits: UpstreamLimits;
  breakers: { create: Record<TaskKind, CircuitBreaker>; describe: Record<TaskKind, CircuitBreaker> };
  /** Whether held tasks are sent at all. */
  submissions: 'on' | 'paused';
  createPolicy(): IndexPolicy;
  /** What models are learned by their names. */
  catalogue: ModelCatalogue;
  metrics: MetricsSink;
  clock: Clock;
  machineClock?: Clock | undefined;
  logger: Logger;
  graceSignal: AbortSignal;
};

const everyMs = {
  findHeld: 1_000,
  flush: 1_000,
  watched: 1_000,
  publishOrders: 1_000,
  publish: 5_000,
  forgetWatch: 5_000,
  forgetChanges: 10_000,
  // After an outage of the database, longer than a process with a TaskId in its hands takes to record it.
  sweep: 10_000,
  reconcile: 30_000,
};
const pageSize = 1_000;

/**
 * The work of one lease: held tasks are sent, running ones are polled. It learns of tasks by hints, and finds those of which no
 * hint came by reading the tables at intervals.
 */
export async function createLeadershipTerm(options: LeadershipTermOptions) {
  const { database, tasks, clock, logger, graceSignal } = options;
  const { account } = options.upstream;
  const models = createCompletionModels(options.catalogue, await findLearnedCurves(database, account));
  const heldNews = createWakeUp(clock);
  const followed = createFollowedTasks({ ...options, models });
  const poller = createPoller({ ...options, breakers: options.breakers.describe, models, followed });
  const toFollow = createSerialLoader((ids: readonly string[]) => findFollowedTasks(database, account, ids));
  const submissions = { IMAGE: submissionOf('IMAGE'), VIDEO: submissionOf('VIDEO'), AUDIO: submissionOf('AUDIO') };

  function submissionOf(kind: TaskKind) {
    return createKindSubmission({
      ...options,
      kind,
      budget: options.budgets.create[kind],
      limit: options.limits[upstreamActions.create[kind]],
      breaker: options.breakers.create[kind],
      onAccepted: (id) => void followNow(id),
    });
  }

  async function followNow(id: string): Promise<void> {
    // One that was given up may run again.
    if (followed.find(id)?.task.state === 'submitted') return;
    try {
      const task = await toFollow.load(id);
      if (task !== null) followed.follow(task);
    } catch (error) {
      logger.warn({ taskId: id, error: String(error) }, 'A task to poll could not be read; the next turn finds it.');
    }
  }

  async function findHeld(): Promise<void> {
    for (const kind of taskKinds)
      submissions[kind].fill(await findHeldTasks(database, account, { kind, limit: heldWindow }));
  }

  async function reconcile(): Promise<void> {
    let afterId: string | undefined;
    do {
      const from = { ...(afterId !== undefined && { afterId }), limit: pageSize };
      const page = await findRunningTasks(database, account, from);
      for (const task of page) followed.follow(task);
      afterId = page.length < pageSize ? undefined : page.at(-1)?.task.id;
    } while (afterId !== undefined);
    for (const task of await findCorrectableTasks(database, account)) followed.follow(task);
  }

  let published = '';

  /** Only when it has changed: mostly no task waits. While submissions are paused it is an order without tasks. */
  async function publishOrders(): Promise<void> {
    const orders = taskKinds.map((kind) => submissions[kind].order());
    const text = JSON.stringify(orders);
    if (text === published) return;
    await saveHeldOrders(database, account, orders);
    published = text;
  }

  /** Some thousands at most: the next turn goes on. */
  async function forgetChanges(): Promise<void> {
    for (let batch = 0; batch < 10; batch += 1) if (!(await forgetOldChanges(database))) return;
  }

  const flush = async (): Promise<void> => await tasks.recordPolls(followed.takeProgress());
  const publish = async (): Promise<void> => await saveLearnedCurves(database, account, models.takeUnsaved());
  const readWatched = async (): Promise<void> => followed.watch(new Set(await findWatched(database)));
  const sending = options.submissions === 'on';

  return {
    taskHeld: (task: HeldTask): void => {
      if (sending) submissions[task.kind].add(task);
    },

    taskCanceled: (task: HeldTask): void => submissions[task.kind].drop(task),

    /** Another replica has recorded tasks to send. */
    findHeld: (): void => heldNews.wake(),

    /** A task to poll was recorded. */
    follow: followNow,

    longestUnanswered: followed.longestUnanswered,
    unknownTasks: followed.unknownTasks,

    async run(signal: AbortSignal): Promise<void> {
      const common = { failure: 'A turn of the scheduler failed.', clock, logger, signal };
      const every = (ms: number, turn: () => Promise<void>): Promise<void> => repeat(turn, { ...common, everyMs: ms });
      await Promise.all([
        sending ? repeat(findHeld, { ...common, everyMs: everyMs.findHeld, wakeUp: heldNews }) : null,
        // Each kind by itself: they end when everything under way is recorded.
        ...taskKinds.map((kind) => (sending ? submissions[kind].run(signal) : null)),
        every(everyMs.reconcile, reconcile),
        poller.run(signal),
        every(everyMs.watched, readWatched),
        every(everyMs.sweep, createSweep(tasks, logger)),
        every(everyMs.forgetWatch, () => forgetExpiredWatch(database)),
        every(everyMs.forgetChanges, forgetChanges),
        every(everyMs.publishOrders, publishOrders),
        every(everyMs.flush, flush),
        every(everyMs.publish, publish),
      ]);
      if (!graceSignal.aborted) await Promise.allSettled([flush(), publish()]);
    },
  };
}
