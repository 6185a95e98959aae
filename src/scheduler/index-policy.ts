import TinyQueue from 'tinyqueue';
import type { CompletionClock, CompletionModel, Sightings } from '../domain/completion-model.ts';
import { pollValue } from './poll-value.ts';

/** What the policy needs to know of a task that is asked after. */
export type PollableTask = {
  id: string;
  model: CompletionModel;
  sightings: Sightings;
  /** How much a second of delay costs, beside that of an ordinary task which nobody watches. */
  weight: number;
  /** It takes no turn among the others: it is asked after once it is ready, from the share set aside for stragglers. */
  aside: boolean;
};

/**
 * Decides which task to ask after next, within one API's budget. Pure: it knows no clock and sends nothing. Times are
 * wall-clock milliseconds.
 */
export type IndexPolicy = {
  /** Anew, or again after an answer, with what is known of it by then. It is not asked after before `readyAt`. */
  add(task: PollableTask, readyAt?: number): void;
  /** Who is watched from now on, and counts for more. */
  watch(ids: ReadonlySet<string>): void;
  /** The task to ask after now, taken out until it is added again; else when to look again; null while there is none. */
  next(now: number): { id: string } | { at: number } | null;
  readonly size: number;
};

export const watchedWeight = 10;
export const offPeakWeight = 0.05;

/** A model is young until so many completions were seen: what is expected of it is little more than a guess. */
const knownFromCompletions = 30;
/** While the model is young no sooner than after a share of the task's age, either: its end is seen late by that share at most. */
const leastGap = { ms: 250, shareOfAge: 0.02 };
/**
 * Less expected delay than this, in seconds, is not worth a call: keeps a lone task from being asked after all the time.
 * Not while the model is young: a prior that expects the end too late must not keep the budget idle. What counts for
 * less than others can wait in any case.
 */
const worthwhileSeconds = 0.01;
const recheckMs = 50;
/** However little there is to find: nobody goes unasked for longer than this, or than half the age. */
const patience = { leastMs: 120_000, shareOfAge: 0.5 };
/** Of all calls, what may go to those who ran out of patience. */
const stragglersShare = 0.1;
/** Tasks count as equal whose ages differ by less than a quarter of an e-fold; the longest unasked goes first. */
const stepsPerFold = 4;
/** A value is computed anew when the gap has grown by this share: it grows with the gap's square at first. */
const gapGrowth = 1.01;

type Entry = {
  task: PollableTask;
  weight: number;
  clock: CompletionClock;
  ageSeconds: number;
  lastAt: number;
  readyAt: number;
  /** As it was when the gap was that long. */
  value: number;
  valuedGapMs: number;
  /** It stands in another place by now, or is being asked after. */
  gone: boolean;
};

/**
 * Asks where the delay that has probably accrued is greatest beside the chance of asking in vain (see `pollValue`). Equal
 * tasks share a bucket, oldest sighting first, so that a decision looks at the heads of buckets only.
 */
export function createIndexPolicy(): IndexPolicy {
  const entries = new Map<string, Entry>();
  /** What is gone stays in its queue until it comes to the front. */
  const buckets = new Map<string, TinyQueue<Entry>>();
  const resting = new TinyQueue<Entry>([], (one, other) => one.readyAt - other.readyAt);
  const modelNumbers = new Map<CompletionModel, number>();
  let watched: ReadonlySet<string> = new Set();
  let stragglersDue = 0;

  function enter(task: PollableTask, readyAt: number): void {
    const last = task.sightings.lastUnfinishedAt ?? task.sightings.submittedAt;
    const lastAt = last.getTime();
    const weight = task.weight * (watched.has(task.id) ? watchedWeight : 1);
    const reading = task.model.read(task.sightings, last);
    const restedAt = Math.max(readyAt, restsUntil(task, lastAt));
    const entry = { task, weight, readyAt: restedAt, lastAt, ...reading, value: 0, valuedGapMs: 0, gone: false };
    leave(task.id);
    entries.set(task.id, entry);
    if (restedAt > 0) resting.push(entry);
    else enqueue(entry);
  }

  function enqueue(entry: Entry): void {
    const key = bucketKey(entry);
    const bucket = buckets.get(key) ?? new TinyQueue<Entry>([], (one, other) => dueSince(one) - dueSince(other));
    buckets.set(key, bucket);
    bucket.push(entry);
  }

  function bucketKey({ task, clock, weight, ageSeconds }: Entry): string {
    if (task.aside) return 'aside';
    const number = modelNumbers.get(task.model) ?? modelNumbers.size;
    modelNumbers.set(task.model, number);
    return `${number} ${clock} ${weight} ${Math.floor(stepsPerFold * Math.log1p(ageSeconds))}`;
  }

  function leave(id: string): void {
    const entry = entries.get(id);
    if (entry !== undefined) entry.gone = true;
    entries.delete(id);
  }

  function headOf(queue: TinyQueue<Entry>): Entry | undefined {
    let head = queue.peek();
    while (head?.gone === true) {
      queue.pop();
      head = queue.peek();
    }
    return head;
  }

  function wake(now: number): void {
    for (let head = headOf(resting); head !== undefined; head = headOf(resting)) {
      // Seen in the future: the wall clock was set back, and it must not rest for all that time.
      if (head.readyAt > now && head.lastAt <= now) return;
      resting.pop();
      enqueue(head);
    }
  }

  /** By how much its patience is exceeded, from 1 on. */
  function impatience({ task, lastAt, readyAt }: Entry, now: number): number {
    if (task.aside) return 1 + (now - readyAt) / patience.leastMs;
    const ageMs = now - task.sightings.submittedAt.getTime();
    return (now - lastAt) / Math.max(patience.leastMs, patience.shareOfAge * ageMs);
  }

  function valueOf(entry: Entry, gapMs: number): number {
    if (gapMs > entry.valuedGapMs * gapGrowth) {
      const curve = entry.task.model.curve(entry.clock);
      entry.value = entry.weight * pollValue(curve, entry.ageSeconds, gapMs / 1_000);
      entry.valuedGapMs = gapMs;
    }
    return entry.value;
  }

  function isWorthwhile({ task }: Entry, value: number): boolean {
    return value > worthwhileSeconds || (isYoung(task) && task.weight >= 1);
  }

  function choose(now: number): Entry | null {
    let [best, bestValue]: [Entry | null, number] = [null, 0];
    let [straggler, greatest]: [Entry | null, number] = [null, 1];
    for (const [key, bucket] of buckets) {
      const head = headOf(bucket);
      if (head === undefined) {
        buckets.delete(key);
        continue;
      }
      // Seen in the future: the wall clock was set back.
      head.lastAt = Math.min(head.lastAt, now);
      const gapMs = now - head.lastAt;
      if (gapMs < leastGap.ms) continue;
      const impatient = impatience(head, now);
      if (impatient >= greatest) [straggler, greatest] = [head, impatient];
      if (head.task.aside) continue;
      const value = valueOf(head, gapMs);
      if (value > bestValue && isWorthwhile(head, value)) [best, bestValue] = [head, value];
    }
    if (straggler === null || stragglersDue < 1) return best;
    stragglersDue -= 1;
    return straggler;
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
      stragglersDue = Math.min(1, stragglersDue + stragglersShare);
      const chosen = choose(now);
      if (chosen !== null) {
        leave(chosen.task.id);
        return { id: chosen.task.id };
      }
      const restedAt = headOf(resting)?.readyAt ?? Number.POSITIVE_INFINITY;
      return { at: buckets.size > 0 ? Math.min(restedAt, now + recheckMs) : restedAt };
    },

    get size() {
      return entries.size;
    },
  };
}

function isYoung({ model }: PollableTask): boolean {
  return model.completions < knownFromCompletions;
}

/** Until when it rests because its model is young; 0 for what need not rest. */
function restsUntil(task: PollableTask, lastAt: number): number {
  if (!isYoung(task)) return 0;
  const gapMs = leastGap.shareOfAge * (lastAt - task.sightings.submittedAt.getTime());
  return gapMs > leastGap.ms ? lastAt + gapMs : 0;
}

function dueSince({ task, lastAt, readyAt }: Entry): number {
  return task.aside ? readyAt : lastAt;
}
