import type { CompletionModel, Sightings } from '../domain/learning/completion-model.ts';
import { isOffPeak, lateResult, type Followed } from '../domain/task/following.ts';
import type { Standing } from './failing-tasks.ts';
import { offPeakWeight, type PollableTask } from './index-policy.ts';

/** What is followed, with the sightings that time it. */
export type SightedTask = Followed & Pick<Sightings, 'lastWaitAt' | 'runStartedAt'>;

/** "No such task" is asked again slowly: it has to be told over minutes before it is believed. */
const missingPauseMs = 40_000;

/** DONE without a file: the files may come at any moment at first. */
const emptyDonePauseMs = { first: 15_000, longest: 60_000 };

/** What is told to the policy, and from when on the task may be asked after, in wall-clock milliseconds. */
export function pollable(
  followed: SightedTask & { shareGroup: string },
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
  const sightings = sightingsOf(followed, now);
  return [{ id: task.id, shareGroup, model, sightings, weight, aside }, Math.max(readyAt, standing.readyAt)];
}

function pauseBetweenAnswers({ missingCount, emptyDoneSince, lastPolledAt }: Followed): number {
  if (emptyDoneSince === null) return missingCount > 0 ? missingPauseMs : 0;
  // As long again as it was said so far.
  const saidForMs = (lastPolledAt ?? emptyDoneSince).getTime() - emptyDoneSince.getTime();
  return Math.min(Math.max(emptyDonePauseMs.first, saidForMs), emptyDonePauseMs.longest);
}

/** An adopted task counts from when it was first heard of: when it began is not told. */
export function sightingsOf(followed: SightedTask, now: Date): Sightings {
  const { task, lastUnfinishedAt, lastWaitAt, runStartedAt } = followed;
  return { submittedAt: task.submittedAt ?? lastUnfinishedAt ?? now, lastUnfinishedAt, lastWaitAt, runStartedAt };
}
