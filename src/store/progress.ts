import { sql } from 'kysely';
import type { Observed } from '../domain/learning/completion-model.ts';
import type { Followed } from '../domain/task/following.ts';
import type { Database } from './database.ts';
import { createWriter } from './write-together.ts';

type Polled = Followed & Partial<Pick<Observed, 'lastWaitAt' | 'runStartedAt'>>;

/** Records the polls of a task, together with what else is recorded meanwhile. */
export const recordProgressOf = createWriter<Polled, void>(
  ({ task }) => task.id,
  async (database, followed) => {
    await recordProgress(database, followed);
    return () => {};
  },
);

/**
 * Records the polls of many tasks in one statement that touches no index, and does not wait for the disk: a move that follows
 * waits for both. Tasks without new polls are passed over.
 */
export async function recordProgress(database: Database, followed: readonly Polled[]): Promise<void> {
  const progress = followed.filter(({ unrecordedPolls }) => unrecordedPolls > 0);
  if (progress.length === 0) return;
  const column = <T>(pick: (of: (typeof progress)[number]) => T) => progress.map(pick);
  await sql`
    update task_progress set
      last_polled_at = greatest(task_progress.last_polled_at, polled.last_polled_at),
      poll_count = poll_count + polled.polls,
      last_unfinished_at = coalesce(polled.last_unfinished_at, task_progress.last_unfinished_at),
      last_wait_at = coalesce(polled.last_wait_at, task_progress.last_wait_at),
      run_started_at = coalesce(polled.run_started_at, task_progress.run_started_at),
      missing_count = polled.missing_count,
      missing_since = polled.missing_since,
      empty_done_since = polled.empty_done_since
    from (select set_config('synchronous_commit', 'off', true)) as durability cross join unnest(
      ${column((of) => of.task.id)}::uuid[],
      ${column((of) => of.unrecordedPolls)}::integer[],
      ${column((of) => of.lastPolledAt)}::timestamptz[],
      ${column((of) => of.lastUnfinishedAt)}::timestamptz[],
      ${column((of) => of.lastWaitAt ?? null)}::timestamptz[],
      ${column((of) => of.runStartedAt ?? null)}::timestamptz[],
      ${column((of) => of.missingCount)}::integer[],
      ${column((of) => of.missingSince)}::timestamptz[],
      ${column((of) => of.emptyDoneSince)}::timestamptz[]
    ) as polled (task_id, polls, last_polled_at, last_unfinished_at, last_wait_at, run_started_at,
      missing_count, missing_since, empty_done_since)
    where task_progress.task_id = polled.task_id`.execute(database);
}
