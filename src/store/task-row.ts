import type { Selectable } from 'kysely';
import { failureOf } from '../domain/task/failures.ts';
import type { FilesExpiry, ResultFile, Task, TaskFailure } from '../domain/task/task.ts';
import type { Tables } from './tables.ts';

/** What a task is read with. The words and the idempotency key stay in the store. */
export const taskColumns = [
  'task.id',
  'task.owner',
  'task.account',
  'task.kind',
  'task.mode',
  'task.state',
  'task.status',
  'task.revision',
  'task.request',
  'task.warnings',
  'task.retry_of',
  'task.upstream_task_id',
  'task.files',
  'task.files_expiry',
  'task.files_expire_at',
  'task.archive_state',
  'task.resolution',
  'task.failure_code',
  'task.failure',
  'task.created_at',
  'task.updated_at',
  'task.submitted_at',
  'task.started_at',
  'task.ended_at',
  'task_progress.last_polled_at',
  'task_progress.poll_count',
] as const;

type Unqualified<Column extends string> = Column extends `${string}.${infer Name}` ? Name : Column;
type TaskRow = Pick<
  Selectable<Tables['task']> & Selectable<Tables['task_progress']>,
  Unqualified<(typeof taskColumns)[number]>
>;

export function taskOfRow(row: TaskRow): Task {
  return {
    id: row.id,
    owner: row.owner,
    account: row.account,
    kind: row.kind,
    mode: row.mode,
    state: row.state,
    status: row.status,
    revision: row.revision,
    request: row.request,
    warnings: row.warnings,
    retryOf: row.retry_of,
    upstreamTaskId: row.upstream_task_id,
    files: row.archive_state === 'removed' ? row.files.map(withoutArchived) : row.files,
    filesExpiry: filesExpiryOfRow(row),
    resolution: row.resolution,
    failure: failureOfRow(row),
    createdAt: row.created_at,
    updatedAt: row.updated_at,
    submittedAt: row.submitted_at,
    startedAt: row.started_at,
    endedAt: row.ended_at,
    lastPolledAt: row.last_polled_at,
    pollCount: row.poll_count,
  };
}

export function failureOfRow({
  failure_code: code,
  failure,
}: Pick<TaskRow, 'failure_code' | 'failure'>): TaskFailure | null {
  return code === null || failure === null ? null : failureOf(code, failure);
}

export function filesExpiryOfRow(row: Pick<TaskRow, 'files_expiry' | 'files_expire_at'>): FilesExpiry {
  if (row.files_expiry === 'at' && row.files_expire_at !== null) return { kind: 'at', at: row.files_expire_at };
  return { kind: row.files_expiry === 'never' ? 'never' : 'unknown' };
}

/** A file that the archive lets go is hidden some time before it is deleted. */
function withoutArchived({ type, url, duration }: ResultFile): ResultFile {
  return { type, url, duration };
}
