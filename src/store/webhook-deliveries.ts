import { sql } from 'kysely';
import type { Lane, Webhook, WebhookEvent } from '../domain/task/webhook.ts';
import { inMs } from './database-time.ts';
import type { Database } from './database.ts';
import { leaseEnd, type Claimed } from './work-leases.ts';

/** A try that has begun. */
export type ClaimedDelivery = Lane &
  Claimed & {
    taskId: string;
    event: WebhookEvent;
    url: string;
    at: Date;
    createdAt: Date;
    /** A later change of the same task waits to be delivered. */
    isOvertaken: boolean;
  };

/** What came of it. `retryMs`: in how many milliseconds it is tried again; null: never. */
export type DeliveryOutcome = {
  revision: number;
  statusCode: number | null;
  error: string | null;
  retryMs: number | null;
};

/** The lanes in which something of these tasks is due now. */
export async function findDueLanes(database: Database, taskIds: readonly string[]): Promise<Lane[]> {
  return await database
    .selectFrom('webhook_delivery')
    .distinctOn(['owner', 'receiver'])
    .select(['owner', 'host', 'receiver'])
    .where('task_id', '=', sql<string>`any(${taskIds}::uuid[])`)
    .where('due_at', '<=', sql<Date>`now()`)
    .execute();
}

/** Where something fell due after a moment and up to `at`, and in how many milliseconds of it something does next. */
export type FallenDue = { at: Date; lanes: Lane[]; nextMs: number | null };

/** What fell due since then, but not more than `atMostMs` ago: `findOverdueLanes` finds that. */
export async function findFallenDue(database: Database, since: Date | null, atMostMs: number): Promise<FallenDue> {
  const { rows } = await sql<FallenDue>`
    select at,
      (
        select coalesce(jsonb_agg(distinct jsonb_build_object('owner', owner, 'host', host, 'receiver', receiver)), '[]')
        from webhook_delivery
        where due_at > greatest(${since}::timestamptz, at - ${atMostMs} * interval '1 ms') and due_at <= at
      ) as lanes,
      (select extract(epoch from min(due_at) - at) * 1000 from webhook_delivery where due_at > at)::float8 as "nextMs"
    from ${inMs(0)} as at`.execute(database);
  const [found] = rows;
  if (found === undefined) throw new Error('The database did not tell its time.');
  return found;
}

/**
 * Where something has been due for so long: its process died, or there is a long line, where looking does no harm. Of each
 * owner `maxPerOwner` lanes, others at each look, so that none is passed over for ever.
 */
export async function findOverdueLanes(
  database: Database,
  { overdueMs, maxPerOwner }: { overdueMs: number; maxPerOwner: number },
): Promise<Lane[]> {
  const { rows } = await sql<Lane>`
    select owner, host, receiver from (
      select owner, receiver, min(host) as host, row_number() over (partition by owner order by random()) as place
      from webhook_delivery
      where due_at < now() - ${overdueMs} * interval '1 ms'
      group by owner, receiver
    ) as lane
    where place <= ${maxPerOwner}`.execute(database);
  return rows;
}

/** Begins a try of what has been due in the lane for longest. null when nothing is due. Each is answered once, to one replica. */
export async function claimDelivery(
  database: Database,
  { owner, receiver }: Pick<Lane, 'owner' | 'receiver'>,
): Promise<ClaimedDelivery | null> {
  const { rows } = await sql<ClaimedDelivery>`
    update webhook_delivery as delivery
    set attempt = delivery.attempt + 1, due_at = ${leaseEnd}, is_leased = true
    from task
    where delivery.id = (
        select id from webhook_delivery where owner = ${owner} and receiver = ${receiver} and due_at <= now()
        order by due_at limit 1 for update skip locked
      )
      and task.id = delivery.task_id
    returning delivery.id, task_id as "taskId", task.owner, delivery.host, delivery.receiver, event, delivery.attempt,
      webhook_url as url, clock_timestamp() as at, delivery.created_at as "createdAt",
      exists (
        select from webhook_delivery as later
        where later.task_id = delivery.task_id and later.event = delivery.event and later.revision > delivery.revision
      ) as "isOvertaken"`.execute(database);
  return rows[0] ?? null;
}

/** Gives a try back that was not made: it is due. */
export async function releaseDelivery(database: Database, { id, attempt }: Claimed): Promise<void> {
  await database
    .updateTable('webhook_delivery')
    .set({ attempt: attempt - 1, due_at: inMs(0), is_leased: false })
    .where('id', '=', id)
    .where('attempt', '=', attempt)
    .execute();
}

/** There is nothing left to tell: nor does the log promise another try. */
export async function endDelivery(database: Database, { id, attempt }: Claimed): Promise<void> {
  await sql`
    with ended as (
      update webhook_delivery set due_at = null, is_leased = false where id = ${id} and attempt = ${attempt} returning id
    )
    update webhook_attempt set next_attempt_at = null
    where delivery_id = (select id from ended)
      and attempt = (select max(attempt) from webhook_attempt where delivery_id = ${id})`.execute(database);
}

/**
 * Writes down what came of a try, in the delivery and in the task's log, of which the newest `keep` lines stay. Answers
 * when it is tried again. Where a later try has begun, only the log hears of this one.
 */
export async function recordAttempt(
  database: Database,
  delivery: ClaimedDelivery,
  { revision, statusCode, error, retryMs }: DeliveryOutcome,
  keep: number,
): Promise<Date | null> {
  const retryAt = retryMs === null ? sql<Date | null>`null::timestamptz` : inMs(retryMs);
  const { rows } = await sql<{ due_at: Date | null }>`
    with delivery as (
      update webhook_delivery set due_at = ${retryAt}, is_leased = false
      where id = ${delivery.id} and attempt = ${delivery.attempt}
      returning due_at
    ), attempt as (
      insert into webhook_attempt (delivery_id, attempt, task_id, revision, at, status_code, error, next_attempt_at)
      select id, ${delivery.attempt}::integer, task_id, ${revision}::integer, ${delivery.at}::timestamptz,
        ${statusCode}::integer, ${error}::text, (select due_at from delivery)
      from webhook_delivery where id = ${delivery.id}
      on conflict do nothing
    ), forgotten as (
      delete from webhook_attempt where (delivery_id, attempt) in (
        select delivery_id, attempt from webhook_attempt where task_id = ${delivery.taskId}
        order by at desc offset ${keep - 1}
      )
    )
    select due_at from delivery`.execute(database);
  return rows[0]?.due_at ?? null;
}

/** Those under way and those that wait to be tried again included. */
export async function countWebhooksToDeliver(database: Database): Promise<number> {
  const row = await database
    .selectFrom('webhook_delivery')
    .select((all) => all.fn.countAll<string>().as('count'))
    .where('due_at', 'is not', null)
    .executeTakeFirstOrThrow();
  return Number(row.count);
}

/** The webhook of an owner's task; null without one. */
export async function findWebhook(database: Database, owner: string, taskId: string): Promise<Webhook | null> {
  const row = await database
    .selectFrom('task')
    .select(['webhook_url', 'webhook_events'])
    .where('owner', '=', owner)
    .where('id', '=', taskId)
    .executeTakeFirst();
  if (row === undefined || row.webhook_url === null || row.webhook_events === null) return null;
  return { url: row.webhook_url, events: row.webhook_events };
}
