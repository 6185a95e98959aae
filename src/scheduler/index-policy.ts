import TinyQueue from 'tinyqueue';
import type { CompletionModel } from '../domain/learning/completion-model.ts';
import { createPollBuckets } from './poll-buckets.ts';
import { createPollEntry, type PollableTask, type PollEntry } from './poll-entry.ts';
import { createPollRanking } from './poll-ranking.ts';
import { createPollShares } from './poll-shares.ts';
import { createStragglers } from './stragglers.ts';

export type { PollableTask } from './poll-entry.ts';

/**
 * Decides which task to poll next, within one API's budget. Pure: it knows no clock and sends nothing. Times are
 * wall-clock milliseconds.
 */
export type IndexPolicy = {
  /** Anew, or again after an answer, with what is known of it by then. It is not polled before `readyAt`. */
  add(task: PollableTask, readyAt?: number): void;
  /** Tasks with subscribers from now on: they count for more. */
  watch(ids: ReadonlySet<string>): void;
  /** The task to poll now, taken out until it is added again; else when to call again; null without tasks. */
  next(now: number): { id: string } | { at: number } | null;
  readonly size: number;
};

export const watchedWeight = 10;
export const offPeakWeight = 0.05;

const recheckMs = 50;
/** Tasks count as equal whose ages differ by less than a quarter of an e-fold; the longest unpolled goes first. */
const stepsPerFold = 4;

/**
 * Polls where the delay that has probably accrued is greatest beside the chance of a poll in vain (see `pollValue`), whatever
 * owners the tasks have; except that sharers that have had less than their share of the polls go first (see `PollShares`),
 * with tasks that were not polled for twice as long as they would be if the sharer were alone, and 0.6 s longer. So an owner that asks for
 * little is served as if it were nearly alone, however much others have in flight or watch; among owners that want more
 * than there is each gets the same; and while they keep about level, as equal ones do, only the value decides. A tenth of
 * the polls is set aside for stragglers.
 */
export function createIndexPolicy(): IndexPolicy {
  const entries = new Map<string, PollEntry>();
  const stragglers = createStragglers();
  const ranking = createPollRanking(stragglers.add);
  const buckets = createPollBuckets(ranking);
  const shares = createPollShares(buckets.turn);
  const resting = new TinyQueue<PollEntry>([], (one, other) => one.readyAt - other.readyAt);
  const modelNumbers = new Map<CompletionModel, number>();
  let watched: ReadonlySet<string> = new Set();

  function enter(task: PollableTask, readyAt: number): void {
    leave(task.id);
    const weight = task.weight * (watched.has(task.id) ? watchedWeight : 1);
    const entry = createPollEntry(task, shares.find(task.shareGroup), weight, readyAt);
    entries.set(task.id, entry);
    entry.sharer.tasks += 1;
    if (entry.readyAt > 0) resting.push(entry);
    else enqueue(entry);
  }

  function enqueue(entry: PollEntry): void {
    if (!entry.task.aside) buckets.add(bucketKey(entry), entry);
    stragglers.add(entry);
  }

  function bucketKey({ task, clock, weight, ageSeconds }: PollEntry): string {
    const number = modelNumbers.get(task.model) ?? modelNumbers.size;
    modelNumbers.set(task.model, number);
    return `${number} ${clock} ${weight} ${Math.floor(stepsPerFold * Math.log1p(ageSeconds))}`;
  }

  function leave(id: string): void {
    const entry = entries.get(id);
    if (entry === undefined) return;
    entry.gone = true;
    entry.sharer.tasks -= 1;
    entries.delete(id);
  }

  function nextResting(): PollEntry | undefined {
    let first = resting.peek();
    while (first?.gone === true) {
      resting.pop();
      first = resting.peek();
    }
    return first;
  }

  function wake(now: number): void {
    for (let first = nextResting(); first !== undefined; first = nextResting()) {
      // Seen in the future: the wall clock was set back, and it must not wait for all that time.
      if (first.readyAt > now && first.lastAt <= now) return;
      resting.pop();
      enqueue(first);
    }
  }

  return {
    add: (task, readyAt = 0) => enter(task, readyAt),

    watch(ids) {
      const changed = watched.symmetricDifference(ids);
      watched = ids;
      for (const id of changed) {
        const entry = entries.get(id);
        if (entry !== undefined) enter(entry.task, entry.readyAt);
      }
    },

    next(now) {
      if (entries.size === 0) return null;
      wake(now);
      const chosen = stragglers.next(now) ?? ranking.choose(now);
      if (chosen !== null) {
        leave(chosen.task.id);
        shares.count(chosen.sharer, now);
        return { id: chosen.task.id };
      }
      const restedAt = nextResting()?.readyAt ?? Number.POSITIVE_INFINITY;
      return { at: buckets.isEmpty && !stragglers.wait ? restedAt : Math.min(restedAt, now + recheckMs) };
    },

    get size() {
      return entries.size;
    },
  };
}
