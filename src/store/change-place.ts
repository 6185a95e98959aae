import { sql } from 'kysely';
import { parseSnapshot, type ChangePlace } from '../domain/task/change-place.ts';
import type { Database } from './database.ts';

/** For a statement that reads something, so that its place is exactly the one at which that was read. */
export const placeColumns = {
  snapshot: sql<string>`pg_current_snapshot()::text`,
  database: sql<string>`(select id from database_identity)`,
};

export function placeOfRow({ snapshot, database }: { snapshot: string; database: string }): ChangePlace {
  return { database, snapshot: parseSnapshot(snapshot) };
}

/** Where the database is now: what is committed from now on is after it. */
export async function findPlace(database: Database): Promise<ChangePlace> {
  const row = await database
    .selectFrom('database_identity')
    .select(['id as database', placeColumns.snapshot.as('snapshot')])
    .executeTakeFirstOrThrow();
  return placeOfRow(row);
}
