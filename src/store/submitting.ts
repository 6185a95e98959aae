import { sql } from 'kysely';
import type { TaskRequest } from '../domain/request/request.ts';
import type { Attempt } from '../domain/task/submission.ts';
import type { Caller, TaskKind } from '../domain/task/task.ts';
import type { Database } from './database.ts';
import { createWriter, patience } from './write-together.ts';

export type HeldTask = Caller & { id: string; kind: TaskKind };

/** `isAll` unless more wait; `held`: how many do in all. */
export type FoundHeld = { tasks: HeldTask[]; isAll: boolean; held: number };

/** Counting stops here: so long a queue takes an hour and a half at the vendor's limits. */
const mostCounted = 100_000;

/**
 * Held tasks of an account and a kind, as many as a scheduler keeps in memory: the oldest of each owner, in turns between
 * share groups, then between the owners of a group, so that no owner waits for the whole of another one's queue. Fewer than
 * there are when many share the limit.
 */
export async function findHeldTasks(
  database: Database,
  account: string,
  { kind, limit }: { kind: TaskKind; limit: number },
): Promise<FoundHeld> {
  const held = sql`task.account = ${account} and task.kind = ${kind} and task.state = 'held'`;
  // As the index spells it.
  const share = sql`coalesce(task.share_group, task.owner)`;
  // PostgreSQL has no scan that skips from owner to owner: the recursion is one.
  const { rows } = await sql<Required<Caller> & { id: string; isBeyond: boolean }>`
    with recursive owner_of as (
      (select ${share} as share, owner from task where ${held} order by 1, 2 limit 1)
      union all
      select following.share, following.owner from owner_of cross join lateral (
        select ${share} as share, task.owner from task
        where ${held} and (${share}, task.owner) > (owner_of.share, owner_of.owner)
        order by 1, 2 limit 1
      ) as following
    ), share_of as (
      select share, 2 * ${limit}::numeric / count(*) over () / count(*) as tasks from owner_of group by share
    ), waiting as materialized (
      select share, owner, greatest(2, ceil(tasks))::integer as most from owner_of join share_of using (share)
    ), of_owner as (
      select waiting.share, task.*, task.turn > waiting.most as is_beyond
      from waiting cross join lateral (
        select id, owner, row_number() over (order by id) as turn
        from task where ${held} and ${share} = waiting.share and task.owner = waiting.owner
        order by id limit waiting.most + 1
      ) as task
    ), of_share as (
      select *, row_number() over (partition by share order by turn, id) as share_turn from of_owner
    )
    select id, owner, share as "shareGroup", is_beyond as "isBeyond" from of_share
    order by share_turn, id
    limit ${limit}::integer + 1`.execute(database);
  const isAll = rows.length <= limit && rows.every(({ isBeyond }) => !isBeyond);
  return {
    tasks: rows.slice(0, limit).map(({ id, owner, shareGroup }) => ({ id, owner, kind, shareGroup })),
    isAll,
    held: isAll ? rows.length : await countHeldTasks(database, account, kind),
  };
}

async function countHeldTasks(database: Database, account: string, kind: TaskKind): Promise<number> {
  const { rows } = await sql<{ held: number }>`
    select count(*)::integer as held from (
      select from task where account = ${account} and kind = ${kind} and state = 'held' limit ${mostCounted}
    ) as waiting`.execute(database);
  return rows[0]?.held ?? 0;
}

export type ClaimedTask = Attempt & { owner: string; request: TaskRequest };
type HeldClaim = { id: string; epoch: bigint };

const claimTogether = createWriter<HeldClaim, ClaimedTask | null>(({ id }) => id, claimHeldTasks);

/**
 * Moves a held task to `submitting` on behalf of the scheduler of this epoch: invisible outside, and together with what else is
 * claimed meanwhile. null when it is no longer held, or when the lease is no longer of this epoch.
 */
export async function claimHeldTask(database: Database, id: string, epoch: bigint): Promise<ClaimedTask | null> {
  return await claimTogether(database, { id, epoch });
}

async function claimHeldTasks(
  database: Database,
  claims: readonly HeldClaim[],
  lockTimeout: string | null,
): Promise<(of: HeldClaim) => ClaimedTask | null> {
  const ids = claims.map(({ id }) => id);
  const { rows } = await sql<{ id: string; attempt: number; owner: string; request: TaskRequest | null }>`
    update task set
      state = 'submitting',
      attempt = attempt + 1,
      attempt_epoch = claim.epoch,
      submitting_since = clock_timestamp()
    from (select ${patience(lockTimeout)}) as patience
      cross join unnest(${ids}::uuid[], ${claims.map(({ epoch }) => epoch.toString())}::bigint[]) as claim (id, epoch)
    where task.id = claim.id and task.id = any(${ids}::uuid[])
      and task.state = 'held' and not task.cancel_requested
      and exists (select from account_lease where account = task.account and account_lease.epoch = claim.epoch)
    returning task.id, task.attempt, task.owner, task.request`.execute(database);
  const claimed = new Map(rows.map(({ id, ...row }) => [id, row]));
  return ({ id }) => {
    const { request = null, attempt = 0, owner = '' } = claimed.get(id) ?? {};
    return request === null ? null : { taskId: id, attempt, owner, request };
  };
}

/** Takes back an attempt that surely did not arrive: invisible outside. False when it is over, or a cancel was requested. */
export async function releaseAttempt(database: Database, { taskId, attempt }: Attempt): Promise<boolean> {
  const { numUpdatedRows } = await database
    .updateTable('task')
    .set({ state: 'held', submitting_since: null })
    .where('id', '=', taskId)
    .where('state', '=', 'submitting')
    .where('attempt', '=', attempt)
    .where('cancel_requested', '=', false)
    .executeTakeFirstOrThrow();
  return numUpdatedRows > 0n;
}

/** The attempt of a claim whose answer was lost, if the claim was committed. One that is being committed is waited for. */
export async function findClaim(database: Database, id: string, epoch: bigint): Promise<Attempt | null> {
  const row = await database
    .selectFrom('task')
    .select(['state', 'attempt', 'attempt_epoch'])
    .where('id', '=', id)
    .forUpdate()
    .executeTakeFirst();
  const isClaimed = row?.state === 'submitting' && row.attempt_epoch === epoch.toString();
  return isClaimed ? { taskId: id, attempt: row.attempt } : null;
}

/** Requests the cancel of an owner's task that is being sent. True when it is: the outcome of the attempt decides. */
export async function requestCancel(database: Database, owner: string, id: string): Promise<boolean> {
  const { numUpdatedRows } = await database
    .updateTable('task')
    .set({ cancel_requested: true })
    .where('owner', '=', owner)
    .where('id', '=', id)
    .where('state', '=', 'submitting')
    .executeTakeFirstOrThrow();
  return numUpdatedRows > 0n;
}

/** Attempts whose process must be dead: older, by database time, than a Create can take. */
export async function findOrphanedAttempts(
  database: Database,
  account: string,
  olderThanMs: number,
): Promise<Attempt[]> {
  const rows = await database
    .selectFrom('task')
    .select(['id', 'attempt'])
    .where('account', '=', account)
    .where('state', '=', 'submitting')
    .where('submitting_since', '<', sql<Date>`clock_timestamp() - ${olderThanMs} * interval '1 millisecond'`)
    .orderBy('id')
    .limit(1_000)
    .execute();
  return rows.map((row) => ({ taskId: row.id, attempt: row.attempt }));
}
