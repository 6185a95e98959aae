import type { Clock } from '../kit/clock.ts';
import type { Lane } from '../domain/task/webhook.ts';
import { createLaneQueue } from './lane-queue.ts';
import { countTries, type Count, type RunningTries } from './running-tries.ts';
import { createSlowLanes, slowMs } from './slow-lanes.ts';

export type ReceiverLine = {
  enter(lane: Lane): void;
  /** Takes the next lane that has room for a try out of the line; null when none has. */
  next(): Lane | null;
  begin(lane: Lane): Places;
};

export type Places = {
  /** For a try that has run for `youngMs`: another one may begin at its host. */
  leaveHost(): void;
  leave(wasSent: boolean): void;
};

/** Tries at once. At a host, only young ones count. */
const limits = { all: 128, perOwner: 16, perHost: 12, perLane: 4, perSlowLane: 1 };
/** The part of each limit that all slow lanes together may use. */
const slowShare = 0.5;
export const youngMs = 1_000;

/** `own`: of the places taken, those of the same owner, or of the same owner at the same host. */
type Bound = { limit: number; taken: Count; own: Count };

type Running = { lane: Lane; isYoung: boolean; startedAt: number };

/**
 * Keeps a receiver that hangs from delaying others. Its lane becomes slow and gets one try at once, and all slow lanes share
 * a part of the places. An owner takes no more places than it leaves free, of all and of a host's, nor do an owner's lanes at
 * one host of the owner's: so there is room for the next one however many lanes hang.
 */
export function createReceiverLine(clock: Clock): ReceiverLine {
  const queue = createLaneQueue();
  const slowLanes = createSlowLanes();
  const running = new Set<Running>();

  /** A lane is slow as soon as a try has taken too long, before that try has ended. */
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
        leave(wasSent) {
          running.delete(begun);
          if (wasSent) slowLanes.note(lane, clock.monotonic() - begun.startedAt);
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
