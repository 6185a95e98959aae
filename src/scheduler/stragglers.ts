import TinyQueue from 'tinyqueue';
import type { PollEntry } from './poll-entry.ts';
import type { Sharer } from './poll-shares.ts';

/**
 * Tasks that were not polled for too long, and those that stand aside once they are ready. Whatever else there is to
 * poll, a tenth of the polls is theirs: sharers take turns, each with the one that has been overdue longest.
 */
export type Stragglers = {
  /** From its `overdueAt` on it takes part, unless it is gone by then. */
  add(entry: PollEntry): void;
  /** Once for each decision. null when it is another's. */
  next(now: number): PollEntry | null;
  /** Whether any are overdue. */
  readonly wait: boolean;
};

/** Of all polls, what may go to those who ran out of patience. */
const share = 0.1;
/** So many that are gone may be kept beside those that are not. */
const spare = 1_000;

export function createStragglers(): Stragglers {
  let inTime = createQueue();
  /** By sharer, in the order of their turns. */
  const overdue = new Map<Sharer, TinyQueue<PollEntry>>();
  /** Entries when those that are gone were last cleared away. */
  let kept = 0;
  let due = 0;

  function clear(): void {
    inTime = createQueue(inTime.data.filter(({ gone }) => !gone));
    kept = inTime.length;
  }

  function enter(entry: PollEntry): void {
    const others = overdue.get(entry.sharer) ?? createQueue();
    others.push(entry);
    overdue.set(entry.sharer, others);
  }

  /** The first of the next sharer in turn that has any. */
  function take(): PollEntry | null {
    for (const [sharer, entries] of overdue) {
      overdue.delete(sharer);
      const first = popPresent(entries);
      if (entries.length > 0) overdue.set(sharer, entries);
      if (first !== null) return first;
    }
    return null;
  }

  return {
    add(entry) {
      inTime.push(entry);
      if (inTime.length > 2 * kept + spare) clear();
    },

    next(now) {
      due = Math.min(1, due + share);
      for (let first = inTime.peek(); first !== undefined && first.overdueAt <= now; first = inTime.peek()) {
        inTime.pop();
        if (!first.gone) enter(first);
      }
      if (due < 1) return null;
      const taken = take();
      if (taken !== null) due -= 1;
      return taken;
    },

    get wait() {
      return overdue.size > 0;
    },
  };
}

function createQueue(entries: PollEntry[] = []): TinyQueue<PollEntry> {
  return new TinyQueue<PollEntry>(entries, (one, other) => one.overdueAt - other.overdueAt);
}

function popPresent(entries: TinyQueue<PollEntry>): PollEntry | null {
  for (let first = entries.pop(); first !== undefined; first = entries.pop()) if (!first.gone) return first;
  return null;
}
