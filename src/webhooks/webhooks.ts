import { z } from 'zod';
import type { WebhookPort } from '../domain/webhook.ts';
import { repeat } from '../repeat.ts';
import type { JobHandler } from '../store/job.ts';
import type { Jobs } from '../store/jobs.ts';
import {
  claimDelivery,
  releaseDelivery,
  takeNewDeliveries,
  takeOverdueDeliveries,
  type ClaimedDelivery,
  type DueDelivery,
} from '../store/webhook-deliveries.ts';
import { deliver, type DeliverDependencies } from './deliver.ts';
import { createTurns } from './turns.ts';

export type WebhookDependencies = DeliverDependencies & { jobs: Pick<Jobs, 'add'> };

/** Tells other servers what is due, until it is disposed of. */
export type Webhooks = AsyncDisposable &
  Pick<WebhookPort, 'due'> & {
    /** What a job of the name `webhookJob` does. */
    run: JobHandler;
    /** One look for what a process that died has left behind. */
    runOnce(): Promise<void>;
  };

export const webhookJob = 'webhook';
const payloadOf = z.object({ deliveryId: z.uuid() });

const coalesceMs = 10;
const sweepMs = 5_000;
const overdue = { newAfterMs: 5_000, queuedAfterMs: 60_000, limit: 500 };
/** What is claimed is tried within `startMs`, and over long before `endMs`. */
const longest = { startMs: 30_000, endMs: 60_000 };
/** Of jobs that can't even begin, because the database is away. */
const jobAttempts = 5;

/**
 * A delivery is recorded with the change that it tells, and its row is the truth: what to try, when, and whether a try is
 * under way. A job is the alarm clock: it claims the row and is over, while the try goes on, so that slow receivers take
 * no job's place. Whatever is lost in between, by a crash, is seen to be overdue and is given a new job.
 */
export function createWebhooks(dependencies: WebhookDependencies): Webhooks {
  const { database, jobs, clock, logger } = dependencies;
  const stopping = new AbortController();
  const turns = createTurns(clock);
  const running = new Set<Promise<void>>();
  let hinted = new Set<string>();

  function track(work: Promise<void>): void {
    const tracked = work.finally(() => running.delete(tracked));
    running.add(tracked);
  }

  async function queue({ id, dueAt }: DueDelivery): Promise<void> {
    const key = `${webhookJob}:${id}:${dueAt.getTime()}`;
    await jobs.add(webhookJob, { deliveryId: id }, { key, runAt: dueAt, maxAttempts: jobAttempts });
  }

  async function queueAll(due: readonly DueDelivery[]): Promise<void> {
    for (const delivery of due) await queue(delivery);
  }

  async function queueHinted(): Promise<void> {
    await clock.sleep(coalesceMs);
    const taskIds = [...hinted];
    hinted = new Set();
    await takeNewDeliveries(database, taskIds)
      .then(queueAll)
      .catch((error: unknown) => logger.warn({ error: String(error) }, 'A webhook waits for the next look.'));
  }

  async function runOnce(): Promise<void> {
    await queueAll(await takeOverdueDeliveries(database, overdue));
  }

  async function giveBack(delivery: ClaimedDelivery, waitMs: number): Promise<void> {
    const dueAt = await releaseDelivery(database, delivery, waitMs);
    if (dueAt !== null && !stopping.signal.aborted) await queue({ id: delivery.id, dueAt });
  }

  /** False when it has waited for too long to be tried now. */
  async function tryOnce(delivery: ClaimedDelivery, claimedAt: number): Promise<boolean> {
    try {
      if (stopping.signal.aborted || clock.monotonic() - claimedAt > longest.startMs) {
        await giveBack(delivery, 0);
        return false;
      }
      const dueAt = await deliver(dependencies, delivery, stopping.signal);
      if (dueAt !== null) await queue({ id: delivery.id, dueAt });
    } catch (error) {
      // It may have arrived or not: in a minute it is seen to be overdue. Whoever stops hands it on at once.
      if (stopping.signal.aborted) await giveBack(delivery, 0).catch(() => {});
      else logger.warn({ deliveryId: delivery.id, error: String(error) }, 'A webhook was not seen through.');
    }
    return true;
  }

  const failure = 'What is due of the webhooks could not be read.';
  const sweeping = repeat(runOnce, { everyMs: sweepMs, failure, clock, logger, signal: stopping.signal });

  return {
    due(taskId) {
      if (stopping.signal.aborted) return;
      if (hinted.size === 0) track(queueHinted());
      hinted.add(taskId);
    },
    async run(payload) {
      const { deliveryId } = payloadOf.parse(payload);
      const claimedAt = clock.monotonic();
      const delivery = await claimDelivery(database, deliveryId, longest.endMs);
      if (delivery === null) return;
      if (stopping.signal.aborted) return await giveBack(delivery, 0);
      const turn = turns.take({ host: new URL(delivery.url).host, owner: delivery.owner });
      if ('waitMs' in turn) return await giveBack(delivery, turn.waitMs);
      track(turn.begun.then(() => tryOnce(delivery, claimedAt)).then(turn.end));
    },
    runOnce,
    async [Symbol.asyncDispose]() {
      stopping.abort();
      turns.close();
      await sweeping;
      await Promise.all(running);
    },
  };
}
