import type { CompletionClock, CompletionModel, Observed } from './completion-model.ts';

/** The median and the 90th percentile. */
export type RemainingTime = { medianSeconds: number; latestSeconds: number };

/** `observed` is null for a task that was not sent yet: its time counts from the sending. */
export function remainingTime(model: CompletionModel, observed: Observed | null, at: Date): RemainingTime {
  return { medianSeconds: quantile(0.5), latestSeconds: quantile(0.9) };

  function quantile(share: number): number {
    if (observed === null) return model.curve('submitted').quantile(share, 0);
    const { submittedAt, lastWaitAt, runStartedAt } = observed;
    if (runStartedAt !== null) return remainingBy('running', runStartedAt, share);
    const whole = remainingBy('submitted', submittedAt, share);
    // A task that still waits takes longer than others of its age, and no less than one that has just arrived.
    return lastWaitAt === null ? whole : Math.max(whole, remainingBy('waiting', lastWaitAt, share));
  }

  function remainingBy(clock: CompletionClock, since: Date, share: number): number {
    const age = Math.max(0, at.getTime() - since.getTime()) / 1_000;
    return model.curve(clock).quantile(share, age) - age;
  }
}
