import { sql } from 'kysely';
import { fullQuota, isUnlimited, type FullQuota, type Quota, type QuotaUse } from '../domain/task/quota.ts';
import { createdAt } from '../domain/task/task-id.ts';
import type { Task } from '../domain/task/task.ts';
import type { Database } from './database.ts';

/** Who would have one task more. */
export type Holder = Pick<Task, 'owner' | 'account'>;

const windowMs = 60_000;

/** The lowest id of the last minute. By the database's clock: the replicas' own differ more from one another. */
const minuteBegins = sql<string>`(lpad(to_hex(
  (extract(epoch from statement_timestamp()) * 1000)::bigint - ${windowMs}::bigint), 12, '0') || repeat('0', 20))::uuid`;

/**
 * What an owner has, counted no further than `upTo` says: 0 for what need not be known. The orders make the planner read
 * indexes: a limit alone makes it hope that the table's first rows will do.
 */
export async function countQuotaUse(database: Database, { owner, account }: Holder, upTo: QuotaUse): Promise<QuotaUse> {
  const newest = database.selectFrom('task').select('id').where('owner', '=', owner).orderBy('id', 'desc');
  const unfinished = newest.where('account', '=', account).where(sql<boolean>`state <> 'ended'`);
  const created = newest.where('id', '>=', minuteBegins).limit(upTo.createsLastMinute);
  const { rows } = await sql<{ in_flight: string; created: string }>`select
    (select count(*) from (${unfinished.limit(upTo.tasksInFlight)}) as unfinished) as in_flight,
    (select count(*) from (${created}) as created) as created`.execute(database);
  return { tasksInFlight: Number(rows[0]?.in_flight), createsLastMinute: Number(rows[0]?.created) };
}

/** null while there is room for one more. Costs nothing where there is no limit. */
export async function findFullQuota(database: Database, holder: Holder, quota: Quota): Promise<FullQuota | null> {
  return isUnlimited(quota) ? null : fullQuota(quota, await countUseWithin(database, holder, quota));
}

/** As far as it matters for a quota. */
export async function countUseWithin(database: Database, holder: Holder, quota: Quota): Promise<QuotaUse> {
  return await countQuotaUse(database, holder, {
    tasksInFlight: countedFor(quota.tasksInFlight),
    createsLastMinute: countedFor(quota.createsPerMinute),
  });
}

/** One more than allowed, to tell "all" from "more than all". */
function countedFor(limit: number | null): number {
  return limit === null ? 0 : limit + 1;
}

/** In how many seconds an owner's last minute will hold fewer creates than `limit`, which is 1 or more: at least 1. */
export async function secondsUntilFewerCreates(database: Database, owner: string, limit: number): Promise<number> {
  const inTheWay = await database
    .selectFrom('task')
    .select(['id', sql<Date>`statement_timestamp()`.as('now')])
    .where('owner', '=', owner)
    .where('id', '>=', minuteBegins)
    .orderBy('id', 'desc')
    .offset(limit - 1)
    .limit(1)
    .executeTakeFirst();
  if (inTheWay === undefined) return 1;
  const leavesInMs = createdAt(inTheWay.id).getTime() + windowMs - inTheWay.now.getTime();
  return Math.max(1, Math.ceil(leavesInMs / 1_000));
}
