import TinyQueue from 'tinyqueue';
import { lateResult, type Followed } from '../domain/following.ts';
import type { PollingPolicy } from './polling-policy.ts';

/** The pause after a poll grows with the task's age: what has taken long will hardly end this very second. */
const pause = { shareOfAge: 0.1, shortestMs: 250, longestMs: 10_000 };

/**
 * Earliest due first. Where the budget doesn't suffice for all that are due, the longest overdue goes first, so every
 * task has its turn.
 */
export function createWideningPolicy(): PollingPolicy {
  const queue = new TinyQueue<{ id: string; dueAt: number }>([], (one, other) => one.dueAt - other.dueAt);
  return {
    add(followed, now) {
      queue.push({ id: followed.task.id, dueAt: dueAt(followed, now) });
    },

    next(now) {
      const first = queue.peek();
      if (first === undefined) return null;
      if (first.dueAt > now) return { at: first.dueAt };
      queue.pop();
      return { id: first.id };
    },

    get size() {
      return queue.length;
    },
  };
}

function dueAt({ task, lastPolledAt }: Followed, now: number): number {
  const submittedAt = task.submittedAt?.getTime() ?? now;
  const from = lastPolledAt?.getTime() ?? submittedAt;
  if (task.state === 'ended') return from + lateResult.intervalMs;
  const wantedMs = (now - submittedAt) * pause.shareOfAge;
  return from + Math.min(Math.max(wantedMs, pause.shortestMs), pause.longestMs);
}
