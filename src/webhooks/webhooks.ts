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

/** Tells other servers what is due, until it is disposed of. */
export type Webhooks = AsyncDisposable &
  Pick<WebhookPort, 'due'> & {
    /** From now on it works by itself. */
    start(): void;
    /** Finds once what a process that died has left behind. */
    runOnce(): Promise<void>;
  };

const coalesceMs = 10;
const sweepMs = 5_000;
const overdueMs = 5_000;

/**
 * A delivery is recorded with the change that it tells, and its row is the truth: what to try, when, and whether a try is
 * under way. Where something is due, the lane stands in line: at once by a hint, when a pause or a lease is over by an alarm,
 * and by a sweep for what is overdue, should either be lost. Whenever there is room for a try, the lane that comes next claims
 * what is due there for longest; all others wait in the table and cost nothing.
 */
export function createWebhooks(dependencies: WebhookDependencies): Webhooks {
  const { database, leases, clock, logger } = dependencies;
  const stopping = new AbortController();
  const line = createReceiverLine(clock);
  const running = new Set<Promise<void>>();
  let working: Promise<unknown> = Promise.resolve();
  let hinted = new Set<string>();
  let isFilling = false;
  /** Up to when, by the database's time, the alarm knows what fell due. */
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

  /** Begins as many tries as there is room for: one claim after the other, so that no two take the same room. */
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
    // There may be more.
    line.enter(lane);
  }

  async function tryIn(places: Places, held: Held<ClaimedDelivery>): Promise<void> {
    const over = new AbortController();
    track(leaveHostInTime(places, AbortSignal.any([over.signal, stopping.signal])));
    const wasAsked = await tryOnce(held);
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

  /** Answers whether a request went to the receiver. */
  async function tryOnce(held: Held<ClaimedDelivery>): Promise<boolean> {
    using lease = held;
    const delivery = lease.work;
    try {
      stopping.signal.throwIfAborted();
      return await deliver(dependencies, delivery, AbortSignal.any([stopping.signal, lease.signal]));
    } catch (error) {
      // It may have arrived or not: when its lease is over it is due again. A process that stops hands it on at once.
      if (stopping.signal.aborted) await releaseDelivery(database, delivery).catch(() => {});
      else logger.warn({ deliveryId: delivery.id, error: String(error) }, 'A webhook was not seen through.');
      return false;
    }
  }

  /** Answers in how many milliseconds something falls due next. */
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
      // Until the last one has ended, one may begin another.
      while (running.size > 0) await Promise.all(running);
    },
  };
}
