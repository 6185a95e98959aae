import { sql, type Expression, type SqlBool } from 'kysely';
import type { TaskFilter } from '../domain/task/listing.ts';
import type { Database } from './database.ts';
import { indexedWords, lookupWords } from './search-words.ts';

type Column = 'kind' | 'mode' | 'status' | 'failure_code' | 'model_name' | 'operator';
type Condition = { column: Column; values: readonly string[] };

/** A value, or where it is put in later. */
type Text = string | Expression<string>;

/** The ids between two ids, both exclusive, either way from there. */
export type IdRange = { above?: Text; below?: Text; order: 'asc' | 'desc'; limit: number };

type Selection = {
  database: Database;
  owner: Text;
  conditions: readonly Condition[];
  /** What must hold of an id, whichever table it is read from. */
  boundsOf(id: Expression<unknown>): Expression<SqlBool>[];
  order: IdRange['order'];
  limit: number;
};

/** So many tasks are tried, in order, before the index of words is read. */
const triedFirst = 2_000;

/** The ids of an owner's tasks that a filter selects, in order; null when it can't select any. */
export function selectIds(database: Database, owner: string, filter: TaskFilter, range: IdRange) {
  const matching = selectMatching(database, owner, filter, range);
  return matching && inRange(matching, range);
}

/** The ids of all of an owner's tasks, in order. */
export function selectAllIds(database: Database, owner: Text, range: IdRange) {
  const boundsOf = (id: Expression<unknown>) => idBounds(id, {}, range);
  return inRange(idsOf(database, inOrder({ ...range, database, owner, conditions: [], boundsOf })), range);
}

/** What a filter selects, in no order, and perhaps more than `range.limit` of them: for what only counts. */
export function selectMatching(database: Database, owner: string, filter: TaskFilter, range: IdRange) {
  const conditions = conditionsOf(filter);
  const words = wordsOf(filter);
  if (words?.length === 0 || conditions.some(({ values }) => values.length === 0)) return null;
  const boundsOf = (id: Expression<unknown>) => idBounds(id, filter, range);
  const selection = { ...range, database, owner, conditions, boundsOf };
  return idsOf(database, words === null ? inOrder(selection) : containing(indexedWords(owner, words), selection));
}

type Ids = ReturnType<typeof idsOf>;

function idsOf(database: Database, matching: Expression<unknown>) {
  return database.selectFrom(sql<{ id: string }>`(${matching})`.as('matching')).select('matching.id');
}

function inRange(matching: Ids, { order, limit }: IdRange) {
  return matching.orderBy('matching.id', order).limit(sql.lit(limit));
}

/**
 * The first ids in order, by an index whatever the conditions: it is walked once for each of the owner's keys that they
 * select. The keys themselves are found by skipping from one to the next.
 */
function inOrder({ database, owner, conditions, boundsOf, order, limit }: Selection): Expression<unknown> {
  const operator = conditions.filter(({ column }) => column === 'operator').map(holds);
  const ids = (key: Expression<SqlBool>[]) =>
    sql`(${database
      .selectFrom('task')
      .select('task.id')
      .where('task.owner', '=', owner)
      .where((build) => build.and([...operator, ...key, ...boundsOf(sql.ref('task.id'))]))
      .orderBy('task.id', order)
      // In the text, so that the plan of a prepared statement counts on a small part.
      .limit(sql.lit(limit))})`;
  if (conditions.length === 0) return ids([]);
  const keyAfter = (key: Expression<SqlBool>[]) =>
    sql`(${database
      .selectFrom('task')
      .select(['filter_key', 'kind', 'mode', 'status', 'failure_code', 'model_name'])
      .where('task.owner', '=', owner)
      .where((build) => build.and([...operator, ...key]))
      .orderBy('filter_key')
      .limit(1)})`;
  const others = conditions.filter(({ column }) => column !== 'operator').map(holds);
  return sql`
    select of_key.id from (
      with recursive key as (
        ${keyAfter([])}
        union all
        select next.* from key cross join lateral ${keyAfter([sql`task.filter_key > key.filter_key`])} as next
      )
      select filter_key from key as task where ${sql.join([sql`true`, ...others], sql` and `)}
    ) as selected
    cross join lateral ${ids([sql`task.filter_key = selected.filter_key`])} as of_key`;
}

/**
 * The index of words has no order, and the planner can't know how common a word is. Left to itself it reads all tasks of
 * an owner for a word that stands in none, or sorts them all for one that stands in each. So the first tasks in order
 * are tried one by one, where a common word soon fills a page. Only when it did not, and there are more tasks, the index
 * is read for those. Scalar subqueries and materialised steps keep the planner from making one join of it, and from
 * walking along the ids instead.
 */
function containing(words: readonly string[], selection: Selection): Expression<unknown> {
  const { owner, conditions, boundsOf, order, limit } = selection;
  const contains = sql<SqlBool>`words @> ${words}::text[]`;
  const [towards, back] = order === 'desc' ? [sql`desc`, sql`asc`] : [sql`asc`, sql`desc`];
  const beyond = order === 'desc' ? sql`<` : sql`>`;
  const holdsAll = sql.join([sql`true`, ...conditions.map(holds)], sql` and `);
  return sql`
    with candidate as materialized (
      select id from (${inOrder({ ...selection, limit: triedFirst })}) as first
      order by id ${towards} limit ${triedFirst}
    ), tried as materialized (
      select id from candidate
      where (select ${contains} from task_words where task_id = candidate.id)
      order by id ${towards} limit ${limit}
    ), indexed as materialized (
      select task_id as id from task_words
      where ${contains} and owner = ${owner}
        and (select count(*) from tried) < ${limit}
        and (select count(*) from candidate) = ${triedFirst}
    )
    select id from tried
    union all
    select id from indexed
    where id ${beyond} (select id from candidate order by id ${back} limit 1)
      and ${sql.join([sql`true`, ...boundsOf(sql.ref('id'))], sql` and `)}
      and (select ${holdsAll} from task where task.id = indexed.id)`;
}

/** null: nothing is searched for. None: something is that has no words, which no prompt can contain. */
function wordsOf({ search = '' }: TaskFilter): string[] | null {
  return search.trim() === '' ? null : lookupWords(search);
}

function conditionsOf(filter: TaskFilter): Condition[] {
  const given: [Column, readonly string[] | undefined][] = [
    ['operator', filter.operator === undefined ? undefined : [filter.operator]],
    ['failure_code', filter.failureCodes],
    ['status', filter.statuses],
    ['model_name', filter.modelNames],
    ['mode', filter.modes],
    ['kind', filter.kinds],
  ];
  return given.flatMap(([column, values]) => (values ? [{ column, values: [...new Set(values)] }] : []));
}

function holds({ column, values }: Condition): Expression<SqlBool> {
  const [only] = values;
  // Plain equality is what lets the planner read an index on the operator in order.
  if (values.length === 1) return sql<SqlBool>`${sql.ref(`task.${column}`)} = ${only}`;
  return sql<SqlBool>`${sql.ref(`task.${column}`)} = any(${values})`;
}

function idBounds(id: Expression<unknown>, filter: TaskFilter, range: IdRange): Expression<SqlBool>[] {
  const bounds: Expression<SqlBool>[] = [];
  if (range.below !== undefined) bounds.push(sql`${id} < ${range.below}`);
  if (range.above !== undefined) bounds.push(sql`${id} > ${range.above}`);
  if (filter.createdBefore) bounds.push(sql`${id} < ${firstIdAt(filter.createdBefore.getTime())}`);
  if (filter.createdAfter) bounds.push(sql`${id} >= ${firstIdAt(filter.createdAfter.getTime() + 1)}`);
  return bounds;
}

/** The lowest UUIDv7 of a millisecond. */
function firstIdAt(ms: number): string {
  const hex = Math.min(Math.max(ms, 0), 2 ** 48 - 1)
    .toString(16)
    .padStart(12, '0');
  return `${hex.slice(0, 8)}-${hex.slice(8)}-0000-0000-000000000000`;
}
