import { sql } from 'kysely';
import type { PageRequest, TaskCount, TaskFilter, TaskPage } from '../domain/listing.ts';
import { databaseTime } from './database-time.ts';
import type { Database } from './database.ts';
import { selectOwnTasks } from './find-tasks.ts';
import { selectIds, selectMatching, type IdRange } from './task-selection.ts';
import { taskOfRow } from './task-row.ts';

const countLimit = 10_000;

/** A keyset page of an owner's tasks, newest first, and the database's time at which it was true. */
export async function listTasks(
  database: Database,
  owner: string,
  page: PageRequest,
  filter: TaskFilter,
): Promise<TaskPage> {
  const size = page.first ?? page.last ?? 0;
  const backwards = page.last !== undefined;
  const ids = selectIds(database, owner, filter, rangeOf(page, size + 1));
  const rows =
    ids === null
      ? []
      : await selectOwnTasks(database, owner)
          .select(sql<Date>`statement_timestamp()`.as('as_of'))
          // As an array, the ids are found before the planner gets to think about what to join them with.
          .where(sql<boolean>`task.id = any(array${ids})`)
          .orderBy('task.id', backwards ? 'asc' : 'desc')
          .execute();
  const tasks = rows.slice(0, size).map(taskOfRow);
  const more = rows.length > size;
  return {
    tasks: backwards ? tasks.toReversed() : tasks,
    // A cursor is the place of a task, so there is one on its other side.
    hasNextPage: backwards ? page.before !== undefined : more,
    hasPreviousPage: backwards ? more : page.after !== undefined,
    asOf: rows[0]?.as_of ?? (await databaseTime(database)),
  };
}

export async function countTasks(database: Database, owner: string, filter: TaskFilter): Promise<TaskCount> {
  const matching = selectMatching(database, owner, filter, { order: 'desc', limit: countLimit + 1 });
  if (matching === null) return { count: 0, exact: true };
  const { count } = await database
    .selectFrom(matching.limit(countLimit + 1).as('matching'))
    .select(sql<string>`count(*)`.as('count'))
    .executeTakeFirstOrThrow();
  return { count: Math.min(Number(count), countLimit), exact: Number(count) <= countLimit };
}

/** Newest first: what comes after a task has lower ids. */
function rangeOf(page: PageRequest, limit: number): IdRange {
  return {
    order: page.last === undefined ? 'desc' : 'asc',
    limit,
    ...(page.after !== undefined && { below: page.after }),
    ...(page.before !== undefined && { above: page.before }),
  };
}
