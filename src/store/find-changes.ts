import { sql, type RawBuilder } from 'kysely';
import type { ChangePlace, ChangePosition, ChangesPage, FoundChange } from '../domain/task/change-place.ts';
import { placeColumns, placeOfRow } from './change-place.ts';
import type { Database } from './database.ts';

/** All changes, an owner's, or those of some tasks. */
export type ChangeScope = { owner?: string; ids?: readonly string[] };

type Row = { database: string; snapshot: string; isServed: boolean } & (
  { xid: string; id: string; revision: number; owner: string } | { xid: null }
);

const pageSize = 1_000;

/**
 * What was committed after a place, page by page. A transaction that is open for long costs no more than one read for its
 * own rows, in whichever database of the server it is: only what is newer is read beside them. null when the place is
 * another database's, of the future, or so old that changes after it have been forgotten.
 */
export async function findChangesAfter(
  database: Database,
  after: ChangePlace,
  {
    scope = {},
    from = null,
    limit = pageSize,
  }: { scope?: ChangeScope; from?: ChangePosition | null; limit?: number } = {},
): Promise<ChangesPage | null> {
  const { xmax, underWay } = after.snapshot;
  const changed = selectChanges(scope, from, limit);
  const { rows } = await sql<Row>`
    select place.*, change.xid, change.task_id as id, change.revision, change.owner
    from (
      select ${placeColumns.snapshot} as snapshot, id as database,
        id::text = ${after.database} and forgotten < ${xmax}::xid8
          and ${xmax}::xid8 <= pg_snapshot_xmax(pg_current_snapshot()) as "isServed"
      from database_identity
    ) as place
    left join (
      select * from (
        (${changed(sql`xid = any(${underWay.map(String)}::xid8[])`)})
        union all
        (${changed(sql`xid >= ${xmax}::xid8`)})
      ) as new_change
      order by xid, task_id, revision limit ${limit}
    ) as change on true
    order by change.xid, change.task_id, change.revision`.execute(database);
  const [first] = rows;
  if (!first?.isServed) return null;
  const changes = rows.flatMap((row) => (row.xid === null ? [] : [changeOfRow(row)]));
  return {
    place: placeOfRow(first),
    changes,
    next: changes.length < limit ? null : (changes.at(-1) ?? null),
  };
}

function selectChanges({ owner, ids }: ChangeScope, from: ChangePosition | null, limit: number) {
  // `offset 0` keeps the planner from walking along the owner's changes in search of some tasks'.
  const source =
    ids === undefined
      ? sql`task_change`
      : sql`(select * from task_change where task_id = any(${ids}::uuid[]) offset 0) as task_change`;
  const conditions = [
    ...(owner === undefined ? [] : [sql`owner = ${owner}`]),
    ...(from === null
      ? []
      : [
          sql`(xid, task_id, revision) > (${String(from.transaction)}::xid8, ${from.id}::uuid, ${from.revision}::integer)`,
        ]),
  ];
  return (isNew: RawBuilder<unknown>) => sql`
    select xid, task_id, revision, owner from ${source}
    where ${sql.join([isNew, ...conditions], sql` and `)}
    order by xid, task_id, revision limit ${limit}`;
}

function changeOfRow({ xid, id, revision, owner }: Extract<Row, { xid: string }>): FoundChange {
  return { id, revision, owner, transaction: BigInt(xid) };
}
