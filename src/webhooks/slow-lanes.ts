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
  const slow = new Set<string>();
  // No receiver has a space in it.
  const keyOf = ({ owner, receiver }: Lane): string => `${receiver} ${owner}`;

  return {
    note(lane, tookMs) {
      const key = keyOf(lane);
      slow.delete(key);
      if (tookMs <= slowMs) return;
      slow.add(key);
      const [oldest] = slow;
      if (slow.size > rememberedLanes && oldest !== undefined) slow.delete(oldest);
    },
    has: (lane) => slow.has(keyOf(lane)),
  };
}
