import { sql } from 'kysely';
import type { Lane, Webhook, WebhookEvent } from '../domain/task/webhook.ts';
import type { Database } from './database.ts';

/** The next one of a lane. */
export type DueDelivery = Lane & { id: string; dueAt: Date };

/** A try that has begun. */
export type ClaimedDelivery = Lane & {
  id: string;
  taskId: string;
  event: WebhookEvent;
  attempt: number;
  url: string;
  at: Date;
  createdAt: Date;
  /** A later change of the same task is to be told, too. */
  isOvertaken: boolean;
};

/** What came of it. `retryMs`: in how many milliseconds it is tried again; null: never. */
export type DeliveryOutcome = {
  revision: number;
  statusCode: number | null;
  error: string | null;
  retryMs: number | null;
};

/** A moment that survives being a Date, so that a job that starts then doesn't come too early. */
const inMs = (ms: number) => sql<Date>`date_trunc('milliseconds', clock_timestamp() + ${ms} * interval '1 ms')`;

/** Of the tasks: what is due now, the first of each lane. */
export async function findDueDeliveries(database: Database, taskIds: readonly string[]): Promise<DueDelivery[]> {
  return await database
    .selectFrom('webhook_delivery')
    .distinctOn(['owner', 'receiver'])
    .select(['id', 'owner', 'host', 'receiver', sql<Date>`due_at`.as('dueAt')])
    .where('task_id', '=', sql<string>`any(${taskIds}::uuid[])`)
    .where('due_at', '<=', sql<Date>`now()`)
    .orderBy('owner')
    .orderBy('receiver')
    .orderBy('due_at')
    .execute();
}

/**
 * Where something has been due for so long: its job is lost, or there is a long line, where looking does no harm. Of each
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

/**
 * Begins a try of what has been due in the lane for longest. It is to be over within `longestMs`: then it counts as lost,
 * and is due again. null when nothing is due. Each is answered once, to one replica.
 */
export async function claimDelivery(
  database: Database,
  { owner, receiver }: Pick<Lane, 'owner' | 'receiver'>,
  longestMs: number,
): Promise<ClaimedDelivery | null> {
  const { rows } = await sql<ClaimedDelivery>`
    update webhook_delivery as delivery
    set attempt = delivery.attempt + 1, due_at = ${inMs(longestMs)}
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
export async function releaseDelivery(database: Database, { id, attempt }: ClaimedDelivery): Promise<void> {
  await database
    .updateTable('webhook_delivery')
    .set({ attempt: attempt - 1, due_at: inMs(0) })
    .where('id', '=', id)
    .where('attempt', '=', attempt)
    .execute();
}

/** There is nothing left to tell: nor does the log promise another try. */
export async function endDelivery(database: Database, id: string): Promise<void> {
  await sql`
    with ended as (update webhook_delivery set due_at = null where id = ${id})
    update webhook_attempt set next_attempt_at = null
    where delivery_id = ${id} and attempt = (select max(attempt) from webhook_attempt where delivery_id = ${id})`.execute(
    database,
  );
}

/**
 * Writes down what came of a try, in the delivery and in the task's log, of which the newest `keep` lines stay. Answers
 * when it is tried again. A job for that moment is the caller's to add; should it not get to, the delivery is found.
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
      update webhook_delivery set due_at = ${retryAt}
      where id = ${delivery.id} and attempt = ${delivery.attempt}
      returning due_at
    ), attempt as (
      insert into webhook_attempt (delivery_id, attempt, task_id, revision, at, status_code, error, next_attempt_at)
      select ${delivery.id}::uuid, ${delivery.attempt}::integer, ${delivery.taskId}::uuid, ${revision}::integer,
        ${delivery.at}::timestamptz, ${statusCode}::integer, ${error}::text, (select due_at from delivery)
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

/** Whom the owner's task tells; null for nobody. */
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
