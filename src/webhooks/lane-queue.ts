import type { Lane } from '../domain/task/webhook.ts';

/** Lanes that wait for a try: round robin between owners, between an owner's hosts, and between its lanes there. */
export type LaneQueue = {
  /** A lane stands in it once, where it stood first. An owner with too many lanes in it already gets no further one in. */
  enter(lane: Lane): void;
  /** Takes out the first lane, in turns, that may begin; null when none may. */
  take(isOpen: IsOpen): Lane | null;
};

/** Says of an owner's host which of the lanes there may begin a try; null when none may. */
export type IsOpen = (owner: string, host: string) => ((lane: Lane) => boolean) | null;

type LanesByHost = Map<string, Map<string, Lane>>;

/** Of one owner. Lanes beyond wait in the table, and are found there. */
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
    // Both have had their turn.
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
