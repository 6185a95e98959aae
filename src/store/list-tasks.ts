import { sql } from 'kysely';
import type { PageRequest, TaskCount, TaskFilter, TaskPage } from '../domain/task/listing.ts';
import { findPlace, placeOfRow } from './change-place.ts';
import { databaseTime } from './database-time.ts';
import type { Database } from './database.ts';
import { type PageRange, selectRows } from './select-page.ts';
import { selectMatching } from './task-selection.ts';
import { taskOfRow } from './task-row.ts';

const countLimit = 10_000;

/** A keyset page of an owner's tasks, newest first, and the place in the order of commits at which it was true. */
export async function listTasks(
  database: Database,
  owner: string,
  page: PageRequest,
  filter: TaskFilter,
): Promise<TaskPage> {
  const found = await readPage(database, owner, page, filter);
  if (found !== null) return found;
  // Without a row there is no place either. It must not be a later one than the page's: so the page is read again.
  const [place, asOf] = [await findPlace(database), await databaseTime(database)];
  return (await readPage(database, owner, page, filter)) ?? { ...emptyPage(page), place, asOf };
}

function emptyPage({ after, before, last }: PageRequest): Pick<TaskPage, 'tasks' | 'hasNextPage' | 'hasPreviousPage'> {
  // A cursor is the place of a task, so there is one on its other side.
  return {
    tasks: [],
    hasNextPage: last !== undefined && before !== undefined,
    hasPreviousPage: last === undefined && after !== undefined,
  };
}

/** null when it is empty. */
async function readPage(
  database: Database,
  owner: string,
  page: PageRequest,
  filter: TaskFilter,
): Promise<TaskPage | null> {
  const size = page.first ?? page.last ?? 0;
  const backwards = page.last !== undefined;
  const rows = await selectRows(database, owner, filter, rangeOf(page, size + 1));
  const [first] = rows;
  if (first === undefined) return null;
  const tasks = rows.slice(0, size).map(taskOfRow);
  const more = rows.length > size;
  return {
    tasks: backwards ? tasks.toReversed() : tasks,
    hasNextPage: backwards ? page.before !== undefined : more,
    hasPreviousPage: backwards ? more : page.after !== undefined,
    asOf: first.as_of,
    place: placeOfRow(first),
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
function rangeOf(page: PageRequest, limit: number): PageRange {
  return {
    order: page.last === undefined ? 'desc' : 'asc',
    limit,
    ...(page.after !== undefined && { below: page.after }),
    ...(page.before !== undefined && { above: page.before }),
  };
}
