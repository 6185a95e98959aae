import { sql } from 'kysely';
import type { ApiKey, NewApiKey } from '../domain/api-key.ts';
import type { Database } from './database.ts';

const columns = [
  'id',
  'owner',
  'name',
  'secret_hash as secretHash',
  'created_at as createdAt',
  'revoked_at as revokedAt',
] as const;

export async function insertApiKey(database: Database, { id, owner, name, secretHash }: NewApiKey): Promise<void> {
  await database.insertInto('api_key').values({ id, owner, name, secret_hash: secretHash }).execute();
}

/** Revoked ones, too. Unknown ids are left out. */
export async function findApiKeys(database: Database, ids: readonly string[]): Promise<ApiKey[]> {
  return await database
    .selectFrom('api_key')
    .select(columns)
    .where('id', '=', sql<string>`any(${ids})`)
    .execute();
}

/** Everybody's, or one owner's; the newest first. */
export async function listApiKeys(database: Database, owner?: string): Promise<ApiKey[]> {
  const keys = database.selectFrom('api_key').select(columns).orderBy('created_at', 'desc').orderBy('id');
  return await (owner === undefined ? keys : keys.where('owner', '=', owner)).execute();
}

/** For good. `isNew` unless it had been revoked before, which stays as it was; null for an unknown id. */
export async function revokeApiKey(database: Database, id: string): Promise<{ key: ApiKey; isNew: boolean } | null> {
  const revoked = await database
    .updateTable('api_key')
    .set({ revoked_at: sql<Date>`clock_timestamp()` })
    .where('id', '=', id)
    .where('revoked_at', 'is', null)
    .returning(columns)
    .executeTakeFirst();
  if (revoked !== undefined) return { key: revoked, isNew: true };
  const [before] = await findApiKeys(database, [id]);
  return before === undefined ? null : { key: before, isNew: false };
}
