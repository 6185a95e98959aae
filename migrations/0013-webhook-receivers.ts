import { sql, type Kysely } from 'kysely';

/** Webhooks wait in a lane of their owner and their receiver, which is one path of a host and no more the whole host. */
export async function up(database: Kysely<never>): Promise<void> {
  for (const statement of statements) await sql.raw(statement).execute(database);
}

const statements = [
  // A webhook's URL without its query. Hashed, because a URL can be longer than what an index takes.
  `create function webhook_receiver(url text) returns text language sql stable as $$
    select left(encode(sha256(convert_to(split_part(split_part(url, '#', 1), '?', 1), 'UTF8')), 'hex'), 32)
  $$`,

  'alter table webhook_delivery add column receiver text',
  `update webhook_delivery set receiver = webhook_receiver(task.webhook_url)
    from task where task.id = webhook_delivery.task_id`,
  'alter table webhook_delivery alter column receiver set not null',
  // Lanes, each in the order in which it is told.
  'drop index webhook_delivery_due',
  'create index webhook_delivery_due on webhook_delivery (owner, receiver, due_at) where due_at is not null',

  `create or replace function record_webhook_deliveries() returns trigger language plpgsql as $$
  begin
    insert into webhook_delivery (task_id, owner, host, receiver, event, revision)
    select new.id, new.owner, new.webhook_host, webhook_receiver(new.webhook_url), event, new.revision
    from unnest(new.webhook_events) as event
    where event = 'CHANGED' or (
      new.status in ('DONE', 'FAIL')
      and (new.status, new.failure_code) is distinct from (old.status, old.failure_code)
    );
    return null;
  end $$`,
];
