import type { Lane } from '../domain/task/webhook.ts';

/** Lanes that wait for a try: round robin between owners, between an owner's hosts, and between its lanes there. */
export type LaneQueue = {
  /** Does nothing for a lane that waits already, or whose owner has `maxLanesPerOwner` waiting. */
  enter(lane: Lane): void;
  take(isOpen: IsOpen): Lane | null;
};

/** Which of an owner's lanes at a host may begin a try; null when none may. */
export type IsOpen = (owner: string, host: string) => ((lane: Lane) => boolean) | null;

type LanesByHost = Map<string, Map<string, Lane>>;

/** Further lanes wait in the table, and are found there. */
export const maxLanesPerOwner = 1_000;

export function createLaneQueue(): LaneQueue {
  const byOwner = new Map<string, LanesByHost>();
  const sizes = new Map<string, number>();

  function resize(owner: string, change: 1 | -1): void {
    sizes.set(owner, (sizes.get(owner) ?? 0) + change);
  }

  function remove({ owner, host, receiver }: Lane, hosts: LanesByHost, lanes: Map<string, Lane>): void {
    lanes.delete(receiver);
    resize(owner, -1);
    // Both go to the end of their round.
    hosts.delete(host);
    if (lanes.size > 0) hosts.set(host, lanes);
    byOwner.delete(owner);
    if (hosts.size > 0) byOwner.set(owner, hosts);
    else sizes.delete(owner);
  }

  return {
    enter(lane) {
      const { owner, host, receiver } = lane;
      if ((sizes.get(owner) ?? 0) >= maxLanesPerOwner) return;
      const hosts: LanesByHost = byOwner.get(owner) ?? new Map();
      const lanes: Map<string, Lane> = hosts.get(host) ?? new Map();
      if (lanes.has(receiver)) return;
      byOwner.set(owner, hosts.set(host, lanes.set(receiver, lane)));
      resize(owner, 1);
    },

    take(isOpen) {
      for (const [owner, hosts] of byOwner) {
        for (const [host, lanes] of hosts) {
          const mayBegin = isOpen(owner, host);
          const lane = mayBegin && lanes.values().find(mayBegin);
          if (!lane) continue;
          remove(lane, hosts, lanes);
          return lane;
        }
      }
      return null;
    },
  };
}
