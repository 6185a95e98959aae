import { sql, type Expression, type ExpressionBuilder, type SqlBool } from 'kysely';
import type { TaskFilter } from '../domain/listing.ts';
import type { Database } from './database.ts';
import { lookupWords } from './search-words.ts';
import type { Tables } from './tables.ts';

type Column = 'kind' | 'mode' | 'status' | 'failure_code' | 'model_name' | 'operator';
type Condition = { column: Column; values: readonly string[] };

/** The ids between two ids, both exclusive, either way from there. */
export type IdRange = { above?: string; below?: string; order: 'asc' | 'desc'; limit: number };

/**
 * The ids of an owner's tasks that a filter selects, in order, served by an index whatever the filter: one ordered scan
 * for each value of the condition that drives, merged; the other conditions are checked on the way.
 */
export function selectIds(database: Database, owner: string, filter: TaskFilter, range: IdRange) {
  const conditions = conditionsOf(filter);
  const [driving, ...others] = conditions;
  const branches = (driving?.values ?? [null]).map((value) => {
    const single = driving && value !== null ? [{ column: driving.column, values: [value] }, ...others] : others;
    return database
      .selectFrom('task')
      .select('task.id')
      .where('task.owner', '=', owner)
      .where((build) => build.and(single.map(holds)))
      .where((build) => build.and(boundsOf(build, filter, range)))
      .orderBy('task.id', range.order)
      .limit(range.limit);
  });
  const [first, ...rest] = branches;
  if (first === undefined) return null;
  const merged = rest.reduce(
    (query, branch) => query.unionAll(database.selectFrom(branch.as('branch')).select('branch.id')),
    database.selectFrom(first.as('branch')).select('branch.id'),
  );
  return database
    .selectFrom(merged.as('selected'))
    .select('selected.id')
    .orderBy('selected.id', range.order)
    .limit(range.limit);
}

/** The first one drives: the order is from what usually selects little to what selects much. */
function conditionsOf(filter: TaskFilter): Condition[] {
  const statuses: [Column, readonly string[] | undefined] = ['status', filter.statuses];
  const selectsMuch = filter.statuses?.includes('DONE') ?? false;
  const given: [Column, readonly string[] | undefined][] = [
    ['operator', filter.operator === undefined ? undefined : [filter.operator]],
    ['failure_code', filter.failureCodes],
    ...(selectsMuch ? [] : [statuses]),
    ['model_name', filter.modelNames],
    ['mode', filter.modes],
    ['kind', filter.kinds],
    ...(selectsMuch ? [statuses] : []),
  ];
  return given.flatMap(([column, values]) => (values ? [{ column, values: [...new Set(values)] }] : []));
}

function holds({ column, values }: Condition): Expression<SqlBool> {
  const [only] = values;
  // Plain equality is what lets the planner read an index on the column in order.
  if (values.length === 1) return sql<SqlBool>`${sql.ref(`task.${column}`)} = ${only}`;
  return sql<SqlBool>`${sql.ref(`task.${column}`)} = any(${values})`;
}

function boundsOf(build: ExpressionBuilder<Tables, 'task'>, filter: TaskFilter, range: IdRange): Expression<SqlBool>[] {
  const bounds: Expression<SqlBool>[] = [];
  if (range.below !== undefined) bounds.push(build('task.id', '<', range.below));
  if (range.above !== undefined) bounds.push(build('task.id', '>', range.above));
  if (filter.createdBefore) bounds.push(build('task.id', '<', firstIdAt(filter.createdBefore.getTime())));
  if (filter.createdAfter) bounds.push(build('task.id', '>=', firstIdAt(filter.createdAfter.getTime() + 1)));
  if (filter.search !== undefined) bounds.push(containsWords(build, lookupWords(filter.search)));
  return bounds;
}

function containsWords(build: ExpressionBuilder<Tables, 'task'>, words: string[]): Expression<SqlBool> {
  return build.exists(
    build
      .selectFrom('task_words')
      .select('task_words.task_id')
      .whereRef('task_words.task_id', '=', 'task.id')
      .where(sql<boolean>`task_words.words @> ${words}::text[]`),
  );
}

/** The lowest UUIDv7 of a millisecond. */
function firstIdAt(ms: number): string {
  const hex = Math.min(Math.max(ms, 0), 2 ** 48 - 1)
    .toString(16)
    .padStart(12, '0');
  return `${hex.slice(0, 8)}-${hex.slice(8)}-0000-0000-000000000000`;
}
