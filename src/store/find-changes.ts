import { sql } from 'kysely';
import type { TaskChangeFilter } from '../domain/listing.ts';
import { ownerTag, type TaskHint } from '../domain/task-hint.ts';
import type { Task, TaskKind } from '../domain/task.ts';
import { statementTimeoutMs, type Database } from './database.ts';
import { selectOwnTasks } from './find-tasks.ts';
import { taskOfRow } from './task-row.ts';

/**
 * A change carries the time of its statement and shows with its commit, so a look back starts earlier by what a
 * statement may take: what was read before comes again rather than never.
 */
const overlapMs = 2 * statementTimeoutMs;

/** Where a look back for what changed since a moment begins. */
export function lookBackFrom(since: Date): Date {
  return new Date(since.getTime() - overlapMs);
}

/** What changed since a moment of database time, of all tasks of some owners and of some ids: what a feed may have missed. */
export async function findChangedTasks(
  database: Database,
  watched: { owners: readonly string[]; ids: readonly string[] },
  since: Date,
): Promise<TaskHint[]> {
  const changed = database
    .selectFrom('task')
    .select(['id', 'owner', 'revision'])
    .where('updated_at', '>', lookBackFrom(since));
  const rows = await changed
    .where('owner', '=', sql<string>`any(${watched.owners})`)
    .unionAll(changed.where('id', '=', sql<string>`any(${watched.ids})`))
    .execute();
  return rows.map(({ id, owner, revision }) => ({ id, ownerTag: ownerTag(owner), revision }));
}

/** An owner's tasks that changed after a moment, and until another, oldest change first; at most `limit`. */
export async function findOwnChanges(
  database: Database,
  owner: string,
  filter: TaskChangeFilter,
  { after, until, limit }: { after: Date; until?: Date; limit: number },
): Promise<Task[]> {
  const rows = await selectOwnTasks(database, owner)
    .where('task.updated_at', '>', after)
    .$if(until !== undefined, (query) => query.where('task.updated_at', '<=', until ?? after))
    .$if(filter.ids !== undefined, (query) => query.where('task.id', '=', sql<string>`any(${filter.ids})`))
    .$if(filter.kinds !== undefined, (query) => query.where('task.kind', '=', sql<TaskKind>`any(${filter.kinds})`))
    .$if(filter.modelNames !== undefined, (query) =>
      query.where('task.model_name', '=', sql<string>`any(${filter.modelNames})`),
    )
    .$if(filter.operator !== undefined, (query) => query.where('task.operator', '=', filter.operator ?? null))
    .orderBy('task.updated_at')
    .limit(limit)
    .execute();
  return rows.map(taskOfRow);
}
