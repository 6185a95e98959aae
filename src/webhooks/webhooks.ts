import { z } from 'zod';
import type { Lane, WebhookPort } from '../domain/task/webhook.ts';
import { repeat } from '../kit/repeat.ts';
import type { JobHandler } from '../store/job.ts';
import type { Jobs } from '../store/jobs.ts';
import {
  claimDelivery,
  findDueDeliveries,
  findOverdueLanes,
  releaseDelivery,
  type ClaimedDelivery,
  type DueDelivery,
} from '../store/webhook-deliveries.ts';
import { deliver, type DeliverDependencies } from './deliver.ts';
import { maxLanesPerOwner } from './lane-queue.ts';
import { createReceiverLine, youngMs, type Places } from './receiver-line.ts';

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
const payloadOf = z.object({ owner: z.string(), host: z.string(), receiver: z.string() });

const coalesceMs = 10;
const sweepMs = 5_000;
const overdueMs = 5_000;
/** What is claimed is over long before. */
const longestTryMs = 60_000;
/** Of jobs that can't even begin, because the database is away. */
const jobAttempts = 5;

/**
 * A delivery is recorded with the change that it tells, and its row is the truth: what to try, when, and whether a try is
 * under way. A job is the alarm clock of a lane: it has the lane stand in line, and is over. Whenever there is room for a
 * try, the lane that comes next claims what is due there for longest; all others wait in the table and cost nothing.
 * Whatever is lost in between, by a crash, is seen to be overdue.
 */
export function createWebhooks(dependencies: WebhookDependencies): Webhooks {
  const { database, jobs, clock, logger } = dependencies;
  const stopping = new AbortController();
  const line = createReceiverLine(clock);
  const running = new Set<Promise<void>>();
  let hinted = new Set<string>();
  let isFilling = false;

  function track(work: Promise<void>): void {
    const tracked = work.finally(() => running.delete(tracked));
    running.add(tracked);
  }

  async function queue({ id, owner, host, receiver, dueAt }: DueDelivery): Promise<void> {
    const key = `${webhookJob}:${id}:${dueAt.getTime()}`;
    await jobs.add(webhookJob, { owner, host, receiver }, { key, runAt: dueAt, maxAttempts: jobAttempts });
  }

  async function queueHinted(): Promise<void> {
    await clock.sleep(coalesceMs);
    const taskIds = [...hinted];
    hinted = new Set();
    try {
      for (const delivery of await findDueDeliveries(database, taskIds)) await queue(delivery);
    } catch (error) {
      logger.warn({ error: String(error) }, 'A webhook waits for the next look.');
    }
  }

  function enter(lanes: readonly Lane[]): void {
    for (const lane of lanes) line.enter(lane);
    track(fill());
  }

  /** Begins as many tries as there is room for: one claim after the other, so that no two take the same room. */
  async function fill(): Promise<void> {
    if (isFilling) return;
    isFilling = true;
    try {
      for (let lane = line.next(); lane !== null && !stopping.signal.aborted; lane = line.next()) await begin(lane);
    } catch (error) {
      logger.warn({ error: String(error) }, 'Webhooks wait for the next look.');
    } finally {
      isFilling = false;
    }
  }

  async function begin(lane: Lane): Promise<void> {
    const delivery = await claimDelivery(database, lane, longestTryMs);
    if (delivery === null) return;
    track(tryIn(line.begin(lane), delivery).then(fill));
    // There may be more.
    line.enter(lane);
  }

  async function tryIn(places: Places, delivery: ClaimedDelivery): Promise<void> {
    const over = new AbortController();
    track(leaveHostInTime(places, AbortSignal.any([over.signal, stopping.signal])));
    const wasAsked = await tryOnce(delivery);
    over.abort();
    places.leave(wasAsked);
  }

  /** A try that hangs leaves its place at the host to others. */
  async function leaveHostInTime(places: Places, over: AbortSignal): Promise<void> {
    await clock.sleep(youngMs, over).catch(() => {});
    if (over.aborted) return;
    places.leaveHost();
    await fill();
  }

  /** Answers whether the receiver was asked. */
  async function tryOnce(delivery: ClaimedDelivery): Promise<boolean> {
    try {
      stopping.signal.throwIfAborted();
      const { wasSent, retryAt } = await deliver(dependencies, delivery, stopping.signal);
      if (retryAt !== null) await queue({ ...delivery, dueAt: retryAt });
      return wasSent;
    } catch (error) {
      // It may have arrived or not: in a minute it is seen to be overdue. Whoever stops hands it on at once.
      if (stopping.signal.aborted) await releaseDelivery(database, delivery).catch(() => {});
      else logger.warn({ deliveryId: delivery.id, error: String(error) }, 'A webhook was not seen through.');
      return false;
    }
  }

  async function runOnce(): Promise<void> {
    enter(await findOverdueLanes(database, { overdueMs, maxPerOwner: maxLanesPerOwner }));
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
      // The job of an earlier release knows of no receiver. What it was for is soon seen to be overdue.
      const { data: lane } = payloadOf.safeParse(payload);
      if (lane !== undefined) enter([lane]);
    },
    runOnce,
    async [Symbol.asyncDispose]() {
      stopping.abort();
      await sweeping;
      // Until the last one has ended, one may begin another.
      while (running.size > 0) await Promise.all(running);
    },
  };
}
