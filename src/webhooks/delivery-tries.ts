import type { Lane } from '../domain/task/webhook.ts';
import { createRunningWork } from '../kit/running-work.ts';
import { claimDelivery, releaseDelivery, type ClaimedDelivery } from '../store/webhook-deliveries.ts';
import type { Held, WorkLeases } from '../store/work-leases.ts';
import { deliver, type DeliverDependencies } from './deliver.ts';
import { createReceiverLine, youngMs, type Places } from './receiver-line.ts';

export type TryDependencies = DeliverDependencies & { leases: Pick<WorkLeases, 'take'> };

/** Whenever there is room for a try, the lane that comes next claims its oldest due delivery. */
export type DeliveryTries = {
  enter(lanes: readonly Lane[]): void;
  ended(): Promise<void>;
};

export function createDeliveryTries(dependencies: TryDependencies, stopping: AbortSignal): DeliveryTries {
  const { database, leases, clock, logger } = dependencies;
  const line = createReceiverLine(clock);
  const running = createRunningWork();
  let isFilling = false;

  /** Begins tries while there is room: one claim after the other, so that no two take the same room. */
  async function fill(): Promise<void> {
    if (isFilling) return;
    isFilling = true;
    try {
      for (let lane = line.next(); lane !== null && !stopping.aborted; lane = line.next()) await begin(lane);
    } catch (error) {
      logger.warn({ error: String(error) }, 'Webhooks could not be claimed; the next turn finds them.');
    } finally {
      isFilling = false;
    }
  }

  async function begin(lane: Lane): Promise<void> {
    const held = await leases.take(() => claimDelivery(database, lane));
    if (held === null) return;
    void running.track(tryIn(line.begin(lane), held).then(fill));
    line.enter(lane); // More may be due.
  }

  async function tryIn(places: Places, held: Held<ClaimedDelivery>): Promise<void> {
    const over = new AbortController();
    void running.track(leaveHostInTime(places, AbortSignal.any([over.signal, stopping])));
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
      stopping.throwIfAborted();
      return await deliver(dependencies, delivery, AbortSignal.any([stopping, lease.signal]));
    } catch (error) {
      // It may have arrived: it is due again when its lease is over, or at once if this process stops.
      if (stopping.aborted) await releaseDelivery(database, delivery).catch(() => {});
      else logger.warn({ deliveryId: delivery.id, error: String(error) }, 'A try to deliver a webhook was cut off.');
      return false;
    }
  }

  return {
    enter(lanes) {
      for (const lane of lanes) line.enter(lane);
      void running.track(fill());
    },
    ended: running.ended,
  };
}
