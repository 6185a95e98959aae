import type { Lane, WebhookPort } from '../domain/task/webhook.ts';
import { repeat } from '../kit/repeat.ts';
import {
  claimDelivery,
  findDueLanes,
  findFallenDue,
  findOverdueLanes,
  releaseDelivery,
  type ClaimedDelivery,
} from '../store/webhook-deliveries.ts';
import type { Held, WorkLeases } from '../store/work-leases.ts';
import { deliver, type DeliverDependencies } from './deliver.ts';
import { maxLanesPerOwner } from './lane-queue.ts';
import { createReceiverLine, youngMs, type Places } from './receiver-line.ts';

export type WebhookDependencies = DeliverDependencies & { leases: Pick<WorkLeases, 'take'> };

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
 * A lane with something due enters the line: by a hint at once; by an alarm when a pause or a lease is over; or by the sweep
 * for what is overdue, should either be lost. Whenever there is room for a try, the next lane claims its oldest due delivery.
 */
export function createWebhooks(dependencies: WebhookDependencies): Webhooks {
  const { database, leases, clock, logger } = dependencies;
  const stopping = new AbortController();
  const line = createReceiverLine(clock);
  const running = new Set<Promise<void>>();
  let working: Promise<unknown> = Promise.resolve();
  let hinted = new Set<string>();
  let isFilling = false;
  /** What fell due until then, by the database's time, the alarm has seen. */
  let seenUntil: Date | null = null;

  function track(work: Promise<void>): void {
    const tracked = work.finally(() => running.delete(tracked));
    running.add(tracked);
  }

  async function enterHinted(): Promise<void> {
    await clock.sleep(coalesceMs);
    const taskIds = [...hinted];
    hinted = new Set();
    try {
      enter(await findDueLanes(database, taskIds));
    } catch (error) {
      logger.warn({ error: String(error) }, 'A webhook could not be read; the next turn finds it.');
    }
  }

  function enter(lanes: readonly Lane[]): void {
    for (const lane of lanes) line.enter(lane);
    track(fill());
  }

  /** Begins tries while there is room: one claim after the other, so that no two take the same room. */
  async function fill(): Promise<void> {
    if (isFilling) return;
    isFilling = true;
    try {
      for (let lane = line.next(); lane !== null && !stopping.signal.aborted; lane = line.next()) await begin(lane);
    } catch (error) {
      logger.warn({ error: String(error) }, 'Webhooks could not be claimed; the next turn finds them.');
    } finally {
      isFilling = false;
    }
  }

  async function begin(lane: Lane): Promise<void> {
    const held = await leases.take(() => claimDelivery(database, lane));
    if (held === null) return;
    track(tryIn(line.begin(lane), held).then(fill));
    line.enter(lane); // More may be due.
  }

  async function tryIn(places: Places, held: Held<ClaimedDelivery>): Promise<void> {
    const over = new AbortController();
    track(leaveHostInTime(places, AbortSignal.any([over.signal, stopping.signal])));
    const wasSent = await tryOnce(held);
    over.abort();
    places.leave(wasSent);
  }

  async function leaveHostInTime(places: Places, over: AbortSignal): Promise<void> {
    await clock.sleep(youngMs, over).catch(() => {});
    if (over.aborted) return;
    places.leaveHost();
    await fill();
  }

  /** Returns whether a request went to the receiver. */
  async function tryOnce(held: Held<ClaimedDelivery>): Promise<boolean> {
    using lease = held;
    const delivery = lease.work;
    try {
      stopping.signal.throwIfAborted();
      return await deliver(dependencies, delivery, AbortSignal.any([stopping.signal, lease.signal]));
    } catch (error) {
      // It may have arrived: it is due again when its lease is over, or at once if this process stops.
      if (stopping.signal.aborted) await releaseDelivery(database, delivery).catch(() => {});
      else logger.warn({ deliveryId: delivery.id, error: String(error) }, 'A webhook was not seen through.');
      return false;
    }
  }

  /** Returns in how many milliseconds something falls due next. */
  async function enterFallenDue(): Promise<number | null> {
    const { at, lanes, nextMs } = await findFallenDue(database, seenUntil, overdueMs);
    seenUntil = at;
    enter(lanes);
    return nextMs;
  }

  async function runOnce(): Promise<void> {
    enter(await findOverdueLanes(database, { overdueMs, maxPerOwner: maxLanesPerOwner }));
  }

  return {
    start() {
      const failure = 'What is due of the webhooks could not be read.';
      const common = { everyMs: sweepMs, failure, clock, logger, signal: stopping.signal };
      working = Promise.all([repeat(enterFallenDue, common), repeat(runOnce, common)]);
    },
    due(taskId) {
      if (stopping.signal.aborted) return;
      if (hinted.size === 0) track(enterHinted());
      hinted.add(taskId);
    },
    runOnce,
    async [Symbol.asyncDispose]() {
      stopping.abort();
      await working;
      // A try that ends may begin another one.
      while (running.size > 0) await Promise.all(running);
    },
  };
}
