import { type Expression, type InferResult, sql } from 'kysely';
import { LRUCache } from 'lru-cache';
import type { TaskFilter } from '../domain/task/listing.ts';
import { placeColumns } from './change-place.ts';
import type { Database } from './database.ts';
import { selectOwnTasks } from './find-tasks.ts';
import { keepQuery, type KeptQuery } from './kept-query.ts';
import { prepared } from './prepared-statements.ts';
import { type IdRange, selectAllIds, selectIds } from './task-selection.ts';

export type PageRange = IdRange & { above?: string; below?: string };

export type PageRow = InferResult<ReturnType<typeof selectPage>>[number];

/** The rows of a page, in the range's order, with the place at which they were read. */
export async function selectRows(
  database: Database,
  owner: string,
  filter: TaskFilter,
  range: PageRange,
): Promise<PageRow[]> {
  const { above, below } = range;
  if (Object.keys(filter).length === 0) return await keptPage(range)(database, { owner, above, below });
  // Of a filtered page the best plan depends on the values.
  const ids = selectIds(database, owner, filter, range);
  return ids === null ? [] : await selectPage(database, { owner, ids, range }).execute();
}

function selectPage(
  database: Database,
  { owner, ids, range }: { owner: string | Expression<string>; ids: Expression<unknown>; range: IdRange },
) {
  return (
    selectOwnTasks(database, owner)
      .select([
        sql<Date>`statement_timestamp()`.as('as_of'),
        placeColumns.snapshot.as('snapshot'),
        placeColumns.database.as('database'),
      ])
      // As an array, the ids are found before the planner gets to think about what to join them with.
      .where(sql<boolean>`task.id = any(array${ids})`)
      .orderBy('task.id', range.order)
  );
}

type Values = { owner: string; above: string | undefined; below: string | undefined };

/** Of all tasks, by what their text depends on. */
const keptPages = new LRUCache<string, KeptQuery<Values, PageRow>>({ max: 100 });

function keptPage({ order, limit, above, below }: PageRange): KeptQuery<Values, PageRow> {
  const shape = [order, limit, above !== undefined, below !== undefined].join(' ');
  const known = keptPages.get(shape);
  if (known) return known;
  const page = keepQuery<Values, PageRow>((database, valueOf) => {
    const range = {
      order,
      limit,
      ...(above !== undefined && { above: valueOf('above') }),
      ...(below !== undefined && { below: valueOf('below') }),
    };
    const ids = selectAllIds(database, valueOf('owner'), range);
    return selectPage(database, { owner: valueOf('owner'), ids, range }).modifyFront(prepared);
  });
  keptPages.set(shape, page);
  return page;
}
