import { sql, type Kysely } from 'kysely';

/** What changed, in the order of commits, and which database this is. */
export async function up(database: Kysely<never>): Promise<void> {
  for (const statement of statements) await sql.raw(statement).execute(database);
}

const statements = [
  // Append-only, kept for some days. The transaction's number is what a snapshot tells seen from unseen by.
  `create table task_change (
    task_id uuid not null,
    revision integer not null,
    owner text not null,
    xid xid8 not null,
    at timestamptz not null default clock_timestamp(),
    primary key (task_id, revision)
  )`,
  // What every process looks through, and from which end old changes are forgotten.
  'create index task_change_in_order on task_change (xid, task_id, revision)',
  // What an owner catches up with. What it catches up with of some tasks, the primary key finds.
  'create index task_change_by_owner on task_change (owner, xid, task_id, revision)',

  // A trigger, so that no statement forgets it, an older release's neither.
  `create function record_task_change() returns trigger language plpgsql as $$
  begin
    insert into task_change (task_id, revision, owner, xid)
    values (new.id, new.revision, new.owner, pg_current_xact_id())
    on conflict (task_id, revision) do update set xid = excluded.xid, at = excluded.at;
    return null;
  end $$`,
  'create trigger task_created after insert on task for each row execute function record_task_change()',
  `create trigger task_changed after update of revision on task for each row
    when (new.revision is distinct from old.revision) execute function record_task_change()`,

  // One row. The id is new wherever the numbers of transactions are another server's, or may have begun again.
  `create table database_identity (
    is_only boolean primary key default true check (is_only),
    id uuid not null default gen_random_uuid(),
    fingerprint text not null,
    forgotten xid8 not null default '0'
  )`,
  `insert into database_identity (fingerprint) values ('')`,

  // What changed since a moment was found by it.
  'drop index task_by_change',
];
