import type { CompletionModel, Observed } from '../domain/learning/completion-model.ts';
import { isOffPeak, lateResult, type Followed } from '../domain/task/following.ts';
import type { Standing } from './failing-tasks.ts';
import { offPeakWeight, type PollableTask } from './index-policy.ts';

/** What is followed, with the observed that time it. */
export type ObservedTask = Followed & Pick<Observed, 'lastWaitAt' | 'runStartedAt'>;

/** After "no such task" it is polled slowly: the answer has to stay for minutes before it is believed. */
const missingPauseMs = 40_000;

/** DONE without a file: the files may come at any moment at first. */
const emptyDonePauseMs = { first: 15_000, max: 60_000 };

/** What the policy needs to know, and from when on the task may be polled, in wall-clock milliseconds. */
export function pollable(
  followed: ObservedTask & { shareGroup: string },
  model: CompletionModel,
  now: Date,
  standing: Standing = { aside: false, readyAt: 0 },
): [task: PollableTask, readyAt: number] {
  const { task, shareGroup, lastPolledAt } = followed;
  const late = task.state === 'ended';
  const weight = isOffPeak(task) ? offPeakWeight : 1;
  const pauseMs = late ? lateResult.intervalMs : pauseBetweenAnswers(followed);
  const readyAt = pauseMs === 0 ? 0 : (lastPolledAt ?? task.endedAt ?? now).getTime() + pauseMs;
  const aside = late || standing.aside;
  const observed = observedOf(followed, now);
  return [{ id: task.id, shareGroup, model, observed, weight, aside }, Math.max(readyAt, standing.readyAt)];
}

function pauseBetweenAnswers({ missingCount, emptyDoneSince, lastPolledAt }: Followed): number {
  if (emptyDoneSince === null) return missingCount > 0 ? missingPauseMs : 0;
  // As long again as the upstream has said so.
  const saidForMs = (lastPolledAt ?? emptyDoneSince).getTime() - emptyDoneSince.getTime();
  return Math.min(Math.max(emptyDonePauseMs.first, saidForMs), emptyDonePauseMs.max);
}

/** An adopted task counts from when it was first seen: the vendor does not say when it began. */
export function observedOf(followed: ObservedTask, now: Date): Observed {
  const { task, lastUnfinishedAt, lastWaitAt, runStartedAt } = followed;
  return { submittedAt: task.submittedAt ?? lastUnfinishedAt ?? now, lastUnfinishedAt, lastWaitAt, runStartedAt };
}
