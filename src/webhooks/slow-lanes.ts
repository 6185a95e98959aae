import { LRUCache } from 'lru-cache';
import type { Lane } from '../domain/task/webhook.ts';

/** A receiver that takes longer to answer is slow. */
export const slowMs = 5_000;

const rememberedLanes = 10_000;

/** The lanes whose last try was slow. */
export type SlowLanes = {
  note(lane: Lane, tookMs: number): void;
  has(lane: Lane): boolean;
};

export function createSlowLanes(): SlowLanes {
  const slow = new LRUCache<string, true>({ max: rememberedLanes });

  return {
    note(lane, tookMs) {
      if (tookMs > slowMs) slow.set(laneKey(lane), true);
      else slow.delete(laneKey(lane));
    },
    has: (lane) => slow.has(laneKey(lane)),
  };
}

/** No receiver has a space in it. */
export function laneKey({ owner, receiver }: Lane): string {
  return `${receiver} ${owner}`;
}
