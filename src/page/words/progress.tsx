import { useState } from 'react';
import type { TaskRowFragment } from '../generated/graphql.ts';
import { formatMoment, formatRemaining } from './format.ts';
import { useNow } from './use-now.ts';

type Estimate = NonNullable<TaskRowFragment['estimate']>;

/** Never quite the end, however late it is: only the task's end is certain. */
const maxProgress = 0.97;

/** Moves on by itself between two estimates. */
export function Progress({ estimate, label }: { estimate: Estimate; label: string }) {
  const now = useNow();
  const [seen, setSeen] = useState({ estimate, at: now });
  const { expectedEndAt, progress } = seen.estimate;
  if (expectedEndAt !== estimate.expectedEndAt || progress !== estimate.progress) setSeen({ estimate, at: now });
  const end = new Date(expectedEndAt).getTime();
  const share = end <= seen.at ? 1 : Math.min(1, (now - seen.at) / (end - seen.at));
  const value = Math.max(progress, Math.min(maxProgress, progress + (maxProgress - progress) * share));
  return (
    <span className="progress">
      <progress value={value} max={1} aria-label={label} />
      <time dateTime={expectedEndAt} title={`Expected at ${formatMoment(expectedEndAt)}`}>
        {formatRemaining(end - now)}
      </time>
    </span>
  );
}
