import type { TaskRowFragment } from '../generated/graphql.ts';

/** Of the result, else as requested. */
export function resolutionOf(task: TaskRowFragment): string | null {
  if (task.__typename === 'AudioTask') return null;
  const made = task.__typename === 'VideoTask' ? task.resolution : null;
  return made ?? task.request?.resolution ?? null;
}

/** As requested. */
export function aspectRatioOf(task: TaskRowFragment): string | null {
  return task.__typename === 'AudioTask' ? null : (task.request?.aspectRatio ?? null);
}

/** Of the first result, else as requested. Audio made for a video comes with that. */
export function secondsOf(task: TaskRowFragment): number | null {
  if (task.__typename === 'ImageTask') return null;
  const [file] = task.__typename === 'VideoTask' ? task.videos : [...task.audios, ...task.videos];
  const requested = task.__typename === 'VideoTask' ? task.request?.duration : null;
  return file?.duration ?? requested ?? null;
}
