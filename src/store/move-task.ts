import { sql } from 'kysely';
import { DatabaseError } from 'pg';
import type { GuardedMove, Move } from '../domain/task/moves.ts';
import type { TaskFailure, TaskFailureCode, TaskKind } from '../domain/task/task.ts';
import type { Database } from './database.ts';
import { createWriter, patience } from './write-together.ts';

/** What was moved, as its announcement needs it. */
export type Moved = { id: string; owner: string; kind: TaskKind; revision: number; hasWebhook: boolean };

/** Of a task's row. */
export const hasWebhook = sql<boolean>`webhook_url is not null`.as('hasWebhook');

type MoveOfTask = GuardedMove & { id: string; isArchiving: boolean };

const moveTogether = createWriter<MoveOfTask, Moved | null>(({ id }) => id, moveTasks);

/**
 * Makes one visible move: the row, guarded, and its line of history, in one statement, together with what else is moved
 * meanwhile; a trigger of the table adds what the webhook's delivery. Answers null when the guard did not hold: the task was
 * moved meanwhile. So it does where the move's TaskId already stands for another task.
 */
export async function moveTask(
  database: Database,
  id: string,
  change: GuardedMove,
  { isArchiving = false } = {},
): Promise<Moved | null> {
  return await moveTogether(database, { ...change, id, isArchiving }).catch(passOverTakenTaskId);
}

/** An upstream that gives one TaskId twice would do so for ever: trying again changes nothing. */
function passOverTakenTaskId(error: unknown): null {
  if (error instanceof DatabaseError && error.constraint === 'task_upstream') return null;
  throw error;
}

/** What lies in the customer's own bucket stays without us. */
export function isToBeArchived({ status, files = [], filesExpiry }: Move): boolean {
  return status === 'DONE' && files.length > 0 && filesExpiry !== undefined && filesExpiry.kind !== 'never';
}

/** A guard and a move as PostgreSQL reads them from JSON. What is null in a guard need not hold, and in a move stays. */
const given = sql.raw(`given (
  id uuid, owner text, states text[], statuses text[], failure_codes text[], attempt integer, cancel_requested boolean,
  submitted_for_ms double precision,
  state text, status text, failure_code text, failure text, upstream_task_id text, submitted_at timestamptz, files text,
  files_expiry text, files_expire_at timestamptz, has_resolution boolean, resolution text, added_warning text,
  archive_state text, message text, request_id text
)`);

function rowOf({ id, guard, move, isArchiving }: MoveOfTask) {
  return {
    id,
    owner: guard.owner,
    states: guard.states,
    statuses: guard.statuses,
    failure_codes: guard.failureCodes ?? [],
    attempt: guard.attempt,
    cancel_requested: guard.cancelRequested,
    submitted_for_ms: guard.submittedForMs,
    state: move.state,
    status: move.status,
    ...failureColumns(move.failure),
    upstream_task_id: move.upstreamTaskId,
    submitted_at: move.submittedAt,
    files: move.files && JSON.stringify(move.files),
    files_expiry: move.filesExpiry?.kind,
    files_expire_at: move.filesExpiry?.kind === 'at' ? move.filesExpiry.at : null,
    has_resolution: move.resolution !== undefined,
    resolution: move.resolution,
    added_warning: move.addedWarning,
    archive_state: isArchiving && isToBeArchived(move) ? 'pending' : null,
    message: move.message,
    request_id: move.requestId,
  };
}

/** An ended task is only ever moved by evidence that corrects its failure, so what it left is overwritten or cleared. */
async function moveTasks(
  database: Database,
  moves: readonly MoveOfTask[],
  lockTimeout: string | null,
): Promise<(of: MoveOfTask) => Moved | null> {
  const { rows } = await sql<Moved>`
    with moved as (
      update task set
        state = given.state,
        status = given.status,
        failure_code = given.failure_code,
        failure = given.failure::jsonb,
        submitting_since = null,
        ended_at = case when given.state = 'ended' then clock_timestamp() end,
        -- A task that was given up and is found running again began to run before.
        started_at = case when given.status = 'RUN' then coalesce(started_at, clock_timestamp()) else started_at end,
        submitted_at = coalesce(given.submitted_at, task.submitted_at),
        upstream_task_id = coalesce(given.upstream_task_id, task.upstream_task_id),
        files = coalesce(given.files::jsonb, task.files),
        files_expiry = coalesce(given.files_expiry, task.files_expiry),
        files_expire_at = case when given.files_expiry is null then task.files_expire_at else given.files_expire_at end,
        resolution = case when given.has_resolution then given.resolution else task.resolution end,
        warnings = case when given.added_warning is null then warnings else array_append(warnings, given.added_warning) end,
        archive_state = coalesce(given.archive_state, task.archive_state),
        revision = revision + 1,
        -- Never before the last change, even when the clock was set back.
        updated_at = greatest(updated_at, clock_timestamp())
      from (select ${patience(lockTimeout)}) as patience
        cross join json_to_recordset(${JSON.stringify(moves.map(rowOf))}::json) as ${given}
      where task.id = given.id and task.id = any(${moves.map(({ id }) => id)}::uuid[])
        and task.state = any(given.states)
        and (given.owner is null or task.owner = given.owner)
        and (given.statuses is null or task.status = any(given.statuses))
        and (given.attempt is null or task.attempt = given.attempt)
        and (given.cancel_requested is null or task.cancel_requested = given.cancel_requested)
        and (given.submitted_for_ms is null
          or task.submitted_at <= clock_timestamp() - given.submitted_for_ms * interval '1 millisecond')
        and (task.state <> 'ended' or task.failure_code = any(given.failure_codes))
      returning task.id, task.owner, task.kind, task.revision, task.status, task.updated_at, ${hasWebhook},
        given.message, given.request_id
    ), event as (
      insert into task_event (task_id, revision, status, at, message, request_id)
      select id, revision, status, updated_at, message, request_id from moved
    )
    select id, owner, kind, revision, "hasWebhook" from moved`.execute(database);
  const moved = new Map(rows.map((row) => [row.id, row]));
  return ({ id }) => moved.get(id) ?? null;
}

export function failureColumns(of: TaskFailure | null): {
  failure_code: TaskFailureCode | null;
  failure: string | null;
} {
  if (of === null) return { failure_code: null, failure: null };
  const { code, ...failure } = of;
  return { failure_code: code, failure: JSON.stringify(failure) };
}
