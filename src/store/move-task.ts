import { sql, type Expression, type ExpressionBuilder, type SqlBool, type Insertable, type UpdateObject } from 'kysely';
import { DatabaseError } from 'pg';
import type { Guard, GuardedMove, Move } from '../domain/task/moves.ts';
import type { TaskFailure, TaskFailureCode, TaskKind, TaskState, TaskStatus } from '../domain/task/task.ts';
import type { Database } from './database.ts';
import type { Tables } from './tables.ts';

/** What was moved, for whoever tells others of it. */
export type Moved = { id: string; owner: string; kind: TaskKind; revision: number; hasWebhook: boolean };

/** Of a task's row. */
export const hasWebhook = sql<boolean>`webhook_url is not null`.as('hasWebhook');

/**
 * Makes one visible move: the row, guarded, and its line of history, in one statement; a trigger of the table adds what
 * its webhook is to tell. Answers null when the guard did not hold: somebody else has moved the task. So it does where
 * the move's TaskId already stands for another task.
 */
export async function moveTask(
  database: Database,
  id: string,
  { guard, move }: GuardedMove,
  { isArchiving = false } = {},
): Promise<Moved | null> {
  const moved = await database
    .with('moved', (query) =>
      query
        .updateTable('task')
        .where((build) => guardHolds(build, id, guard))
        .set(columnsOf(move))
        .set(isArchiving && isToBeArchived(move) ? { archive_state: 'pending' } : {})
        .set({
          revision: sql<number>`revision + 1`,
          // Never before the last change, even when the clock was set back.
          updated_at: sql<Date>`greatest(updated_at, clock_timestamp())`,
        })
        .returning(['id', 'owner', 'kind', 'revision', 'status', 'updated_at'])
        .returning(hasWebhook),
    )
    .with('event', (query) =>
      query
        .insertInto('task_event')
        .columns(['task_id', 'revision', 'status', 'at', 'message', 'request_id'])
        .expression(
          query
            .selectFrom('moved')
            .select([
              'id',
              'revision',
              'status',
              'updated_at',
              sql<string | null>`${move.message}::text`.as('message'),
              sql<string | null>`${move.requestId}::text`.as('request_id'),
            ]),
        ),
    )
    .selectFrom('moved')
    .select(['id', 'owner', 'kind', 'revision', 'hasWebhook'])
    .executeTakeFirst()
    .catch(passOverTakenTaskId);
  return moved ?? null;
}

/** An upstream that gives one TaskId twice would do so for ever: trying again changes nothing. */
function passOverTakenTaskId(error: unknown): undefined {
  if (!(error instanceof DatabaseError && error.constraint === 'task_upstream')) throw error;
}

/** What lies in the customer's own bucket stays without us. */
export function isToBeArchived({ status, files = [], filesExpiry }: Move): boolean {
  return status === 'DONE' && files.length > 0 && filesExpiry !== undefined && filesExpiry.kind !== 'never';
}

/** The guard as a condition on a task's row. */
function guardHolds(build: ExpressionBuilder<Tables, 'task'>, id: string, guard: Guard): Expression<SqlBool> {
  const conditions = [build('id', '=', id), build('state', '=', sql<TaskState>`any(${guard.states})`)];
  if (guard.owner !== undefined) conditions.push(build('owner', '=', guard.owner));
  if (guard.statuses) conditions.push(build('status', '=', sql<TaskStatus>`any(${guard.statuses})`));
  if (guard.attempt !== undefined) conditions.push(build('attempt', '=', guard.attempt));
  if (guard.cancelRequested !== undefined) conditions.push(build('cancel_requested', '=', guard.cancelRequested));
  if (guard.submittedForMs !== undefined) conditions.push(wasSubmittedFor(build, guard.submittedForMs));
  const correctable = guard.failureCodes ?? [];
  const open = build.or([
    build('state', '!=', 'ended'),
    build('failure_code', '=', sql<TaskFailureCode>`any(${correctable})`),
  ]);
  return build.and([...conditions, open]);
}

function wasSubmittedFor(build: ExpressionBuilder<Tables, 'task'>, ms: number) {
  return build('submitted_at', '<=', sql<Date>`clock_timestamp() - ${ms} * interval '1 millisecond'`);
}

/** An ended task is only ever moved by evidence that corrects its failure, so what it left is overwritten or cleared. */
function columnsOf(move: Move): UpdateObject<Tables, 'task'> {
  return {
    state: move.state,
    status: move.status,
    ...failureColumns(move.failure),
    submitting_since: null,
    ended_at: move.state === 'ended' ? sql<Date>`clock_timestamp()` : null,
    // A task that was given up and is found running again began to run before.
    ...(move.status === 'RUN' && { started_at: sql<Date>`coalesce(started_at, clock_timestamp())` }),
    ...(move.submittedAt && { submitted_at: move.submittedAt }),
    ...(move.upstreamTaskId !== undefined && { upstream_task_id: move.upstreamTaskId }),
    ...(move.files && { files: JSON.stringify(move.files) }),
    ...(move.filesExpiry && {
      files_expiry: move.filesExpiry.kind,
      files_expire_at: move.filesExpiry.kind === 'at' ? move.filesExpiry.at : null,
    }),
    ...(move.resolution !== undefined && { resolution: move.resolution }),
    ...(move.addedWarning !== undefined && {
      warnings: sql<string[]>`array_append(warnings, ${move.addedWarning}::text)`,
    }),
  };
}

export function failureColumns(of: TaskFailure | null): Pick<Insertable<Tables['task']>, 'failure_code' | 'failure'> {
  if (of === null) return { failure_code: null, failure: null };
  const { code, ...failure } = of;
  return { failure_code: code, failure: JSON.stringify(failure) };
}
