import { sql } from 'kysely';
import type { Observed } from '../domain/learning/completion-model.ts';
import { lateResult, type Followed } from '../domain/task/following.ts';
import { shareGroupOf } from '../domain/task/share-group.ts';
import { correctableCodes, type TaskFailureCode } from '../domain/task/task.ts';
import type { Database } from './database.ts';
import { failureOfRow } from './task-row.ts';

/** What a scheduler keeps of a task that it polls. */
export type FollowedTask = Followed &
  Pick<Observed, 'lastWaitAt' | 'runStartedAt'> & {
    upstreamTaskId: string;
    shareGroup: string;
  };

const maxCorrectable = 10_000;

/** As literals: the planner takes the partial index only where it sees that the codes are those of the index. */
const correctable = correctableCodes.map((code) => sql.lit<TaskFailureCode>(code));

/** Every read of tasks to poll starts here. */
function selectFollowed(database: Database, account: string) {
  return database
    .selectFrom('task')
    .innerJoin('task_progress', 'task_progress.task_id', 'task.id')
    .select([
      'task.id',
      'task.owner',
      'task.share_group',
      'task.kind',
      'task.state',
      'task.status',
      'task.request',
      'task.upstream_task_id',
      'task.submitted_at',
      'task.ended_at',
      'task.failure_code',
      'task.failure',
      'task_progress.last_polled_at',
      'task_progress.last_unfinished_at',
      'task_progress.last_wait_at',
      'task_progress.run_started_at',
      'task_progress.missing_count',
      'task_progress.missing_since',
      'task_progress.empty_done_since',
    ])
    .where('task.account', '=', account);
}

/** The tasks that run upstream, a page by id. */
export async function findRunningTasks(
  database: Database,
  account: string,
  page: { afterId?: string; limit: number },
): Promise<FollowedTask[]> {
  const rows = await selectFollowed(database, account)
    .where('task.state', '=', 'submitted')
    .$if(page.afterId !== undefined, (query) => query.where('task.id', '>', page.afterId ?? ''))
    .orderBy('task.id')
    .limit(page.limit)
    .execute();
  return rows.flatMap(followedOfRow);
}

/**
 * The tasks of which the upstream may still say something else than how they ended, within the last day: the latest,
 * should there be very many.
 */
export async function findCorrectableTasks(database: Database, account: string): Promise<FollowedTask[]> {
  const rows = await selectFollowed(database, account)
    .where('task.failure_code', 'in', correctable)
    .where('task.upstream_task_id', 'is not', null)
    .where('task.ended_at', '>', sql<Date>`clock_timestamp() - ${lateResult.forMs} * interval '1 millisecond'`)
    .orderBy('task.ended_at', 'desc')
    .limit(maxCorrectable)
    .execute();
  return rows.flatMap(followedOfRow);
}

/** A task of the account, if it is known upstream and not over, or evidence may still correct its end. */
export async function findFollowedTask(database: Database, account: string, id: string): Promise<FollowedTask | null> {
  return (await findFollowedTasks(database, account, [id]))[0] ?? null;
}

/** The same of several, each in its place. */
export async function findFollowedTasks(
  database: Database,
  account: string,
  ids: readonly string[],
): Promise<(FollowedTask | null)[]> {
  const rows = await selectFollowed(database, account)
    .where('task.id', '=', sql<string>`any(${ids}::uuid[])`)
    .where((build) => build.or([build('task.state', '=', 'submitted'), build('task.failure_code', 'in', correctable)]))
    .execute();
  const found = new Map(rows.flatMap(followedOfRow).map((followed) => [followed.task.id, followed]));
  return ids.map((id) => found.get(id) ?? null);
}

type FollowedRow = Awaited<ReturnType<ReturnType<typeof selectFollowed>['executeTakeFirstOrThrow']>>;

function followedOfRow(row: FollowedRow): FollowedTask[] {
  if (row.upstream_task_id === null) return [];
  return [
    {
      upstreamTaskId: row.upstream_task_id,
      shareGroup: shareGroupOf({ owner: row.owner, shareGroup: row.share_group }),
      lastPolledAt: row.last_polled_at,
      lastUnfinishedAt: row.last_unfinished_at,
      lastWaitAt: row.last_wait_at,
      runStartedAt: row.run_started_at,
      unrecordedPolls: 0,
      missingCount: row.missing_count,
      missingSince: row.missing_since,
      emptyDoneSince: row.empty_done_since,
      task: {
        id: row.id,
        kind: row.kind,
        state: row.state,
        status: row.status,
        request: row.request,
        submittedAt: row.submitted_at,
        endedAt: row.ended_at,
        failure: failureOfRow(row),
      },
    },
  ];
}
