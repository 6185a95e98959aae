import { sql } from 'kysely';
import type { LearnedDuration } from '../domain/learned-duration.ts';
import type { Database } from './database.ts';

export async function findDurations(database: Database, account: string): Promise<LearnedDuration[]> {
  return await database
    .selectFrom('model_duration')
    .select(['kind', 'model', 'version', 'events', 'exposure'])
    .where('account', '=', account)
    .execute();
}

export async function saveDurations(
  database: Database,
  account: string,
  learned: readonly LearnedDuration[],
): Promise<void> {
  if (learned.length === 0) return;
  await database
    .insertInto('model_duration')
    .values(learned.map((row) => ({ ...row, account, events: [...row.events], exposure: [...row.exposure] })))
    .onConflict((conflict) =>
      conflict.columns(['account', 'kind', 'model', 'version']).doUpdateSet({
        events: (build) => build.ref('excluded.events'),
        exposure: (build) => build.ref('excluded.exposure'),
        updated_at: sql<Date>`clock_timestamp()`,
      }),
    )
    .execute();
}
