import { sql } from 'kysely';
import { lateResult, type Followed } from '../domain/following.ts';
import type { Database } from './database.ts';

/** What a scheduler keeps of a task that it asks after. */
export type FollowedTask = Followed & { upstreamTaskId: string };

/**
 * The tasks to ask after: those that run, and those that timed out within the last day. `afterId` continues a longer
 * list; order is by id.
 */
export async function findFollowedTasks(
  database: Database,
  account: string,
  page: { afterId?: string; ids?: readonly string[]; limit: number },
): Promise<FollowedTask[]> {
  const rows = await database
    .selectFrom('task')
    .innerJoin('task_progress', 'task_progress.task_id', 'task.id')
    .select([
      'task.id',
      'task.kind',
      'task.state',
      'task.status',
      'task.request',
      'task.upstream_task_id',
      'task.submitted_at',
      'task.failure_code',
      'task.failure',
      'task_progress.last_polled_at',
      'task_progress.last_unfinished_at',
      'task_progress.missing_count',
      'task_progress.missing_since',
    ])
    .where('task.account', '=', account)
    .where((build) =>
      build.or([
        build('task.state', '=', 'submitted'),
        build.and([
          build('task.failure_code', '=', 'TIMED_OUT'),
          build('task.ended_at', '>', sql<Date>`clock_timestamp() - ${lateResult.forMs} * interval '1 millisecond'`),
        ]),
      ]),
    )
    .$if(page.afterId !== undefined, (query) => query.where('task.id', '>', page.afterId ?? ''))
    .$if(page.ids !== undefined, (query) => query.where('task.id', '=', sql<string>`any(${page.ids})`))
    .orderBy('task.id')
    .limit(page.limit)
    .execute();
  return rows.flatMap((row) =>
    row.upstream_task_id === null
      ? []
      : {
          upstreamTaskId: row.upstream_task_id,
          lastPolledAt: row.last_polled_at,
          lastUnfinishedAt: row.last_unfinished_at,
          unrecordedPolls: 0,
          missingCount: row.missing_count,
          missingSince: row.missing_since,
          task: {
            id: row.id,
            kind: row.kind,
            state: row.state,
            status: row.status,
            request: row.request,
            submittedAt: row.submitted_at,
            failure:
              row.failure_code === null || row.failure === null ? null : { code: row.failure_code, ...row.failure },
          },
        },
  );
}
