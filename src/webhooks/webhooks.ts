import type { WebhookPort } from '../domain/task/webhook.ts';
import { repeat } from '../kit/repeat.ts';
import { createRunningWork } from '../kit/running-work.ts';
import { findDueLanes, findFallenDue, findOverdueLanes } from '../store/webhook-deliveries.ts';
import { createDeliveryTries, type TryDependencies } from './delivery-tries.ts';
import { maxLanesPerOwner } from './lane-queue.ts';

export type Webhooks = AsyncDisposable &
  Pick<WebhookPort, 'due'> & {
    start(): void;
    /** Finds once what a process that died has left behind. */
    runOnce(): Promise<void>;
  };

const coalesceMs = 10;
const sweepMs = 5_000;
const overdueMs = 5_000;

/**
 * A delivery's row, written with the change that it reports, is the truth: what to try, when, and whether a try is under way.
 * A lane with something due gets in line for a try: by a hint at once; by an alarm when a pause or a lease is over; or by the
 * sweep for what is overdue, should either be lost.
 */
export function createWebhooks(dependencies: TryDependencies): Webhooks {
  const { database, clock, logger } = dependencies;
  const stopping = new AbortController();
  const tries = createDeliveryTries(dependencies, stopping.signal);
  const hintedReads = createRunningWork();
  let working: Promise<unknown> = Promise.resolve();
  let hinted = new Set<string>();
  /** What fell due until then, by the database's time, the alarm has seen. */
  let seenUntil: Date | null = null;

  async function enterHinted(): Promise<void> {
    await clock.sleep(coalesceMs);
    const taskIds = [...hinted];
    hinted = new Set();
    try {
      tries.enter(await findDueLanes(database, taskIds));
    } catch (error) {
      logger.warn({ error: String(error) }, 'A webhook could not be read; the next turn finds it.');
    }
  }

  /** Returns in how many milliseconds something falls due next. */
  async function enterFallenDue(): Promise<number | null> {
    const { at, lanes, nextMs } = await findFallenDue(database, seenUntil, overdueMs);
    seenUntil = at;
    tries.enter(lanes);
    return nextMs;
  }

  async function runOnce(): Promise<void> {
    tries.enter(await findOverdueLanes(database, { overdueMs, maxPerOwner: maxLanesPerOwner }));
  }

  return {
    start() {
      const failure = 'Due webhooks could not be read.';
      const common = { everyMs: sweepMs, failure, clock, logger, signal: stopping.signal };
      working = Promise.all([repeat(enterFallenDue, common), repeat(runOnce, common)]);
    },
    due(taskId) {
      if (stopping.signal.aborted) return;
      if (hinted.size === 0) void hintedReads.track(enterHinted());
      hinted.add(taskId);
    },
    runOnce,
    async [Symbol.asyncDispose]() {
      stopping.abort();
      await working;
      await hintedReads.ended();
      await tries.ended();
    },
  };
}
