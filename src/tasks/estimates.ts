import type { Clock } from '../kit/clock.ts';
import type { Observed } from '../domain/learning/completion-model.ts';
import { createCompletionModels } from '../domain/learning/completion-models.ts';
import type { Estimate } from '../domain/learning/estimate.ts';
import { secondsUntilSent, type HeldOrder } from '../domain/task/held-order.ts';
import type { DurationKey } from '../domain/learning/learned-duration.ts';
import type { ModelCatalogue } from '../domain/models/model-catalogue.ts';
import { remainingTime } from '../domain/learning/remaining-time.ts';
import type { Task } from '../domain/task/task.ts';
import type { Logger } from '../kit/logger.ts';
import { repeat } from '../kit/repeat.ts';
import type { Database } from '../store/database.ts';
import { findHeldOrders } from '../store/held-order.ts';
import { findLearnedCurves, lastLearnedAt } from '../store/model-durations.ts';

/** When tasks will probably end, from what the scheduling replica has learned and published. */
export type Estimates = AsyncDisposable & {
  /** null once ended, and for an adopted task. */
  estimate(task: Task): Estimate | null;
  /** null before anything was seen. */
  medianSeconds(key: DurationKey): number | null;
};

const refreshMs = 1_000;

/** Keeps up with what is published until it is disposed of. */
export function createEstimates(
  database: Database,
  account: string,
  { catalogue, clock, logger }: { catalogue: ModelCatalogue; clock: Clock; logger: Logger },
): Estimates {
  const stopping = new AbortController();
  const models = createCompletionModels(catalogue);
  let orders: HeldOrder[] = [];
  let learnedAt: Date | null = null;

  async function refresh(): Promise<void> {
    orders = await findHeldOrders(database, account);
    const newest = await lastLearnedAt(database, account);
    if (newest?.getTime() === learnedAt?.getTime()) return;
    models.restore(await findLearnedCurves(database, account, learnedAt));
    learnedAt = newest;
  }

  function secondsHeld(task: Task): number {
    const order = orders.find(({ kind }) => kind === task.kind);
    return task.state !== 'held' || order === undefined ? 0 : secondsUntilSent(order, task.id);
  }

  const failure = 'What was learned could not be read; estimates stay as they are.';
  const following = repeat(refresh, { everyMs: refreshMs, failure, clock, logger, signal: stopping.signal });

  return {
    estimate(task) {
      if (task.request === null || task.state === 'ended') return null;
      const now = new Date(clock.now());
      const { medianSeconds, latestSeconds } = remainingTime(models.ofTask(task), observedOf(task), now);
      const held = secondsHeld(task);
      const age = task.submittedAt === null ? 0 : Math.max(0, now.getTime() - task.submittedAt.getTime()) / 1_000;
      return {
        expectedEndAt: new Date(now.getTime() + (held + medianSeconds) * 1_000),
        latestEndAt: new Date(now.getTime() + (held + latestSeconds) * 1_000),
        progress: Math.min(age / Math.max(age + held + medianSeconds, Number.MIN_VALUE), 0.99),
      };
    },

    medianSeconds: (key) => (models.knows(key) ? models.of(key).curve('submitted').quantile(0.5, 0) : null),

    async [Symbol.asyncDispose]() {
      stopping.abort();
      await following;
    },
  };
}

/** What can be read of it in the database, where this replica does not poll it. null before it was sent. */
function observedOf({ submittedAt, startedAt, status, lastPolledAt }: Task): Observed | null {
  if (submittedAt === null) return null;
  return {
    submittedAt,
    lastUnfinishedAt: lastPolledAt,
    lastWaitAt: status === 'WAIT' ? lastPolledAt : null,
    runStartedAt: startedAt,
  };
}
