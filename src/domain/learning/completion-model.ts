import { createAdaptiveCurve, type AdaptiveCurve, type SavedCurve } from './adaptive-curve.ts';
import type { SurvivalCurve } from './survival-curve.ts';

export type Observed = {
  submittedAt: Date;
  lastUnfinishedAt: Date | null;
  lastWaitAt: Date | null;
  /** Estimated: before the poll that first found it running. */
  runStartedAt: Date | null;
};

/** `unfinished`: all that is known is that the task has not ended. */
export type Observation = 'WAIT' | 'RUN' | 'unfinished' | 'ended';

/**
 * What an age is counted from: the submission, while no state was observed; the last poll that found the task waiting, since
 * nothing says when its wait began; or the start of its run.
 */
export const completionClocks = ['submitted', 'waiting', 'running'] as const;
export type CompletionClock = (typeof completionClocks)[number];

export type ClockReading = { clock: CompletionClock; ageSeconds: number };

export type CompletionModel = {
  read(observed: Observed, at: Date): ClockReading;
  curve(clock: CompletionClock): SurvivalCurve;
  readonly completions: number;
  /** Learns from the answer to a poll sent at `at`; returns what is known of the task from then on. */
  observe(observed: Observed, observation: Observation, at: Date): Observed;
  saved(): Record<CompletionClock, SavedCurve[]>;
};

/** The length of a run changes only with the model; the wait before it changes with everyone's load. */
const memories: Record<CompletionClock, readonly [number, ...number[]]> = {
  submitted: [30, 100, 1_000],
  waiting: [30, 100, 1_000],
  running: [1_000],
};

export type CompletionPrior = { wholeSeconds: number; runSeconds: number };

export function createCompletionModel(
  prior: CompletionPrior,
  saved: Partial<Record<CompletionClock, readonly SavedCurve[]>> = {},
): CompletionModel {
  const restore = (clock: CompletionClock, median: number): AdaptiveCurve =>
    createAdaptiveCurve(median, memories[clock], saved[clock]);
  const curves: Record<CompletionClock, AdaptiveCurve> = {
    submitted: restore('submitted', prior.wholeSeconds),
    waiting: restore('waiting', prior.wholeSeconds),
    running: restore('running', prior.runSeconds),
  };

  const longest = Math.max(...memories.submitted);
  const remembered = saved.submitted?.find(({ memory }) => memory === longest)?.events ?? [];
  let completions = remembered.reduce((sum, events) => sum + events, 0);

  function learn(observed: Observed, at: Date, outcome: 'survived' | 'ended'): void {
    const from = observed.lastUnfinishedAt ?? observed.submittedAt;
    if (at <= from) return;
    for (const clock of completionClocks) {
      const start = clockStart(observed, clock);
      if (start !== null) curves[clock][outcome](secondsBetween(start, from), secondsBetween(start, at));
    }
  }

  return {
    read(observed, at) {
      const clock = clockFor(observed);
      const start = clockStart(observed, clock) ?? observed.submittedAt;
      return { clock, ageSeconds: secondsBetween(start, at) };
    },

    curve: (clock) => curves[clock].best,

    get completions() {
      return completions;
    },

    observe(observed, observation, at) {
      learn(observed, at, observation === 'ended' ? 'ended' : 'survived');
      if (observation === 'ended') completions += 1;
      const after = afterObservation(observed, observation, at, curves.running.best);
      if (observed.runStartedAt === null && after.runStartedAt !== null) {
        curves.running.survived(0, secondsBetween(after.runStartedAt, at));
      }
      return after;
    },

    saved: () => ({
      submitted: curves.submitted.saved(),
      waiting: curves.waiting.saved(),
      running: curves.running.saved(),
    }),
  };
}

/** A task that has run does not wait again. */
export function afterObservation(
  observed: Observed,
  observation: Observation,
  at: Date,
  running: SurvivalCurve,
): Observed {
  if (observation === 'ended') return observed;
  const after = { ...observed, lastUnfinishedAt: at };
  if (observed.runStartedAt !== null || observation === 'unfinished') return after;
  if (observation === 'WAIT') return { ...after, lastWaitAt: at };
  return { ...after, runStartedAt: probableRunStart(observed, at, running) };
}

const runStartPoints = 8;

/**
 * When a run began that a poll at `seenAt` found first: the mean of possible starts, weighted by the chance that a run of
 * that length is not over yet. The points lie closer together for short runs.
 */
function probableRunStart({ submittedAt, lastWaitAt }: Observed, seenAt: Date, running: SurvivalCurve): Date {
  const longestSeconds = secondsBetween(lastWaitAt ?? submittedAt, seenAt);
  let [weights, weighted] = [0, 0];
  for (let point = 0.5; point < runStartPoints; point += 1) {
    const ranForSeconds = longestSeconds * (point / runStartPoints) ** 2;
    const weight = point * running.survival(ranForSeconds);
    weights += weight;
    weighted += weight * ranForSeconds;
  }
  const ranForSeconds = weights > 0 ? weighted / weights : longestSeconds / 2;
  return new Date(seenAt.getTime() - ranForSeconds * 1_000);
}

function clockFor({ lastWaitAt, runStartedAt }: Observed): CompletionClock {
  if (runStartedAt !== null) return 'running';
  return lastWaitAt === null ? 'submitted' : 'waiting';
}

function clockStart({ submittedAt, lastWaitAt, runStartedAt }: Observed, clock: CompletionClock): Date | null {
  if (clock === 'running') return runStartedAt;
  return clock === 'waiting' ? lastWaitAt : submittedAt;
}

function secondsBetween(from: Date, to: Date): number {
  return Math.max(0, to.getTime() - from.getTime()) / 1_000;
}
