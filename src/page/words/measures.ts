import type { TaskRowFragment } from '../generated/graphql.ts';

/** As it became, else as it was asked for. */
export function resolutionOf(task: TaskRowFragment): string | null {
  if (task.__typename === 'AudioTask') return null;
  const made = task.__typename === 'VideoTask' ? task.resolution : null;
  return made ?? task.request?.resolution ?? null;
}

/** As it was asked for. */
export function aspectRatioOf(task: TaskRowFragment): string | null {
  return task.__typename === 'AudioTask' ? null : (task.request?.aspectRatio ?? null);
}

/** Of the first result, else as it was asked for. Audio made for a video comes with that. */
export function secondsOf(task: TaskRowFragment): number | null {
  if (task.__typename === 'ImageTask') return null;
  const [file] = task.__typename === 'VideoTask' ? task.videos : [...task.audios, ...task.videos];
  const asked = task.__typename === 'VideoTask' ? task.request?.duration : null;
  return file?.duration ?? asked ?? null;
}
