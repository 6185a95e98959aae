import { sql, type Kysely } from 'kysely';

/** Who may call by a key of its own. The key's secret is nowhere: only what it hashes to. */
export async function up(database: Kysely<never>): Promise<void> {
  await sql`create table api_key (
    id text primary key,
    owner text not null,
    name text not null,
    secret_hash bytea not null check (octet_length(secret_hash) = 32),
    created_at timestamptz not null default clock_timestamp(),
    revoked_at timestamptz
  )`.execute(database);
}
