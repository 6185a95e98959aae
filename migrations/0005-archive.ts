import { sql, type Kysely } from 'kysely';

/** What is kept of the results, and who runs jobs. */
export async function up(database: Kysely<never>): Promise<void> {
  for (const statement of statements) await sql.raw(statement).execute(database);
}

const statements = [
  `alter table task
    add column archive_state text check (archive_state in ('pending', 'kept', 'given-up', 'removed')),
    add column archived_at timestamptz`,
  // What the archive has to fetch; what it lets go one day; and what it deletes a while after that.
  `create index task_to_archive on task (account, files_expire_at) where archive_state = 'pending'`,
  `create index task_archived on task (archived_at)
    where archive_state in ('kept', 'given-up') and files @> '[{"archived": {}}]'`,
  `create index task_to_delete on task (updated_at) where archive_state = 'removed' and files @> '[{"archived": {}}]'`,

  // What all replicas must know alike and nobody configured.
  `create table shared_secret (
    name text primary key,
    secret bytea not null,
    created_at timestamptz not null default clock_timestamp()
  )`,

  // Which workers live, whose jobs are therefore not to be taken from them. Worth nothing after a crash of the database.
  `create unlogged table job_worker (
    id text primary key,
    seen_at timestamptz not null
  )`,
];
