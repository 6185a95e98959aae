import type { Clock } from '../kit/clock.ts';
import type { Lane } from '../domain/task/webhook.ts';
import { createLaneQueue } from './lane-queue.ts';
import { countTries, type Count, type RunningTries } from './running-tries.ts';
import { createSlowLanes, slowMs } from './slow-lanes.ts';

export type ReceiverLine = {
  /** Something may be due in a lane: it stands in line, once. */
  enter(lane: Lane): void;
  /** Takes the first lane out of the line that has room for a try; null when none has. */
  next(): Lane | null;
  /** Takes the places that a try needs. */
  begin(lane: Lane): Places;
};

/** What one try holds, until it is over. */
export type Places = {
  /** It has run for `youngMs`: another one may begin at its host. */
  leaveHost(): void;
  /** It is over. `wasAsked`: whether a request went to the receiver at all. */
  leave(wasAsked: boolean): void;
};

/** Tries at once; at a host only those that are young. */
const limits = { all: 128, perOwner: 16, perHost: 12, perLane: 4, perSlowLane: 1 };
/** All slow lanes together have this part of each. */
const slowShare = 0.5;
/** For so long a try is young. */
export const youngMs = 1_000;

/** Places of one kind, how many are taken, and how many of these by the lane's own side. */
type Bound = { limit: number; taken: Count; own: Count };

type Running = { lane: Lane; isYoung: boolean; startedAt: number };

/**
 * Keeps a receiver that hangs from delaying any other. Its lane turns slow: that has one try at once, and slow lanes have
 * a part of all places only. And no owner takes more of the places, in all or at a host, than it leaves free, nor do an
 * owner's lanes at one host more of the owner's: so there is room for the next one however many lanes hang.
 */
export function createReceiverLine(clock: Clock): ReceiverLine {
  const queue = createLaneQueue();
  const slowLanes = createSlowLanes();
  const running = new Set<Running>();

  /** A lane is slow as soon as a try of it takes too long, not only at that try's end. */
  function noteSlow(): void {
    for (const { lane, startedAt } of running) {
      const tookMs = clock.monotonic() - startedAt;
      if (tookMs > slowMs) slowLanes.note(lane, tookMs);
    }
  }

  function mayBegin(lane: Lane, tries: RunningTries, isOpenToSlow: boolean): boolean {
    const isSlow = slowLanes.has(lane);
    if (isSlow && !isOpenToSlow) return false;
    return tries.ofLane(lane).all < (isSlow ? limits.perSlowLane : limits.perLane);
  }

  return {
    enter: queue.enter,

    next() {
      noteSlow();
      const tries = countTries([...running].map((one) => ({ ...one, isSlow: slowLanes.has(one.lane) })));
      return queue.take((owner, host) => {
        const bounds = boundsOf(tries, owner, host);
        if (!bounds.every(hasRoom)) return null;
        const isOpenToSlow = bounds.every(hasRoomForSlow);
        return (lane) => mayBegin(lane, tries, isOpenToSlow);
      });
    },

    begin(lane) {
      const begun = { lane, isYoung: true, startedAt: clock.monotonic() };
      running.add(begun);
      return {
        leaveHost: () => void (begun.isYoung = false),
        leave(wasAsked) {
          running.delete(begun);
          if (wasAsked) slowLanes.note(lane, clock.monotonic() - begun.startedAt);
        },
      };
    },
  };
}

function boundsOf(tries: RunningTries, owner: string, host: string): Bound[] {
  return [
    { limit: limits.all, taken: tries.total, own: tries.ofOwner(owner) },
    { limit: limits.perOwner, taken: tries.ofOwner(owner), own: tries.ofOwnerAtHost(owner, host) },
    { limit: limits.perHost, taken: tries.youngAtHost(host), own: tries.youngOfOwnerAtHost(owner, host) },
  ];
}

function hasRoom({ limit, taken, own }: Bound): boolean {
  return own.all < limit - taken.all;
}

function hasRoomForSlow({ limit, taken, own }: Bound): boolean {
  return own.slow < limit * slowShare - taken.slow;
}
