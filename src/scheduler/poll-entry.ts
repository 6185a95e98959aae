import type { CompletionClock, CompletionModel, Observed } from '../domain/learning/completion-model.ts';
import type { Sharer } from './poll-shares.ts';
import { pollValue } from './poll-value.ts';

/** What the policy needs to know of a task that is polled. */
export type PollableTask = {
  id: string;
  /** Among whom the polls are shared: its owner, or the owner's tenant. */
  shareGroup: string;
  model: CompletionModel;
  observed: Observed;
  /** How much a second of delay costs, beside that of an ordinary, unwatched task. */
  weight: number;
  /** It takes no turn among the others: it is polled once it is ready, from the share set aside for stragglers. */
  aside: boolean;
};

/** A task in the policy's queues. Times are wall-clock milliseconds. */
export type PollEntry = {
  task: PollableTask;
  sharer: Sharer;
  /** The task's, times that of being watched. */
  weight: number;
  clock: CompletionClock;
  ageSeconds: number;
  /** When it was seen last. */
  lastAt: number;
  /** It is not polled before. */
  readyAt: number;
  /** From then on it is a straggler. */
  overdueAt: number;
  /** It stands in another place by now, or is being polled. */
  gone: boolean;
};

/** A model is young until so many completions were seen: what is expected of it is little more than a guess. */
const knownFromCompletions = 30;
/** While the model is young no sooner than after a share of the task's age, either: its end is seen late by that share at most. */
const minGap = { ms: 250, shareOfAge: 0.02 };
/**
 * Less expected delay than this, in seconds, is not worth a call: keeps a lone task from being polled all the time.
 * Not while the model is young: a prior that expects the end too late must not keep the budget idle. What counts for
 * less than others can wait in any case.
 */
const worthwhileSeconds = 0.01;
/** What a sharer that is behind has to bear: its tasks go first once their gap is so many times as long as if it were alone, and so much longer. */
const claim = { gaps: 2, laterMs: 600 };
/** A value is computed anew when the gap has grown by this share. */
const gapGrowth = 1.01;
/** However little there is to find: no task goes unpolled for longer than this, or than half the age. */
const patience = { minMs: 120_000, shareOfAge: 0.5 };

export function createPollEntry(task: PollableTask, sharer: Sharer, weight: number, readyAt: number): PollEntry {
  const last = task.observed.lastUnfinishedAt ?? task.observed.submittedAt;
  const lastAt = last.getTime();
  const reading = task.model.read(task.observed, last);
  const readyFrom = Math.max(readyAt, waitsUntil(task, lastAt));
  const overdueAt = task.aside ? readyFrom : lastAt + patienceMs(task, lastAt);
  return {
    task,
    sharer,
    weight,
    ...reading,
    lastAt,
    readyAt: readyFrom,
    overdueAt,
    gone: false,
  };
}

/** For one that was seen in the future: the wall clock was set back. */
export function setBack(entry: PollEntry, now: number): void {
  entry.lastAt = now;
  entry.overdueAt = now + patience.minMs;
}

/** What a poll now is worth, and until when that is near enough: the value grows with the gap's square at first. */
export function valueOf(entry: PollEntry, now: number): { value: number; until: number } {
  const gapMs = now - entry.lastAt;
  if (gapMs < minGap.ms) return { value: 0, until: entry.lastAt + minGap.ms };
  const curve = entry.task.model.curve(entry.clock);
  const value = entry.weight * pollValue(curve, entry.ageSeconds, gapMs / 1_000);
  return { value, until: entry.lastAt + gapMs * gapGrowth };
}

export function isWorthwhile({ task }: PollEntry, value: number): boolean {
  return value > worthwhileSeconds || (isYoung(task) && task.weight >= 1);
}

/**
 * Whether a sharer that is behind may go first with it. The value grows with the gap's square, and says by that whether it
 * was time for a poll earlier, had the sharer been alone. That it is watched gives it no advantage over other sharers.
 */
export function isClaim({ task, weight, lastAt }: PollEntry, value: number, now: number): boolean {
  const gapMs = now - lastAt;
  const loneGapMs = Math.min(gapMs / claim.gaps, gapMs - claim.laterMs);
  if (loneGapMs < minGap.ms) return false;
  const loneValue = (loneGapMs / gapMs) ** 2 * value * (task.weight / weight);
  return loneValue > worthwhileSeconds || (isYoung(task) && task.weight >= 1 && loneGapMs >= minGapMs(task, lastAt));
}

function isYoung({ model }: PollableTask): boolean {
  return model.completions < knownFromCompletions;
}

function minGapMs({ observed }: PollableTask, lastAt: number): number {
  return Math.max(minGap.ms, minGap.shareOfAge * (lastAt - observed.submittedAt.getTime()));
}

/** Until when it waits because its model is young; 0 if it need not wait. */
function waitsUntil(task: PollableTask, lastAt: number): number {
  const gapMs = minGapMs(task, lastAt);
  return isYoung(task) && gapMs > minGap.ms ? lastAt + gapMs : 0;
}

/** It is over once the gap is as long as this: both the gap and the age grow until then. */
function patienceMs({ observed }: PollableTask, lastAt: number): number {
  const ageMs = lastAt - observed.submittedAt.getTime();
  return Math.max(patience.minMs, (ageMs * patience.shareOfAge) / (1 - patience.shareOfAge));
}
