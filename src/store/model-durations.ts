import { sql } from 'kysely';
import type { LearnedCurve } from '../domain/learning/completion-models.ts';
import type { Database } from './database.ts';

/** What was learned of an account's models; with `since`, of those of which something was learned after it. */
export async function findLearnedCurves(
  database: Database,
  account: string,
  since: Date | null = null,
): Promise<LearnedCurve[]> {
  return await database
    .selectFrom('model_duration')
    .select(['kind', 'model', 'version', 'clock', 'memory', 'score', 'events', 'exposure'])
    .where('account', '=', account)
    .$if(since !== null, (query) => query.where(sql`date_trunc('milliseconds', updated_at)`, '>', since))
    .execute();
}

/** When anything was last learned, by database time; null before that. */
export async function lastLearnedAt(database: Database, account: string): Promise<Date | null> {
  const { at } = await database
    .selectFrom('model_duration')
    .select(({ fn }) => fn.max('updated_at').as('at'))
    .where('account', '=', account)
    .executeTakeFirstOrThrow();
  return at;
}

/** At one moment, all of them: a read of what is newer than a moment finds all rows of a model or none. */
export async function saveLearnedCurves(
  database: Database,
  account: string,
  learned: readonly LearnedCurve[],
): Promise<void> {
  if (learned.length === 0) return;
  const moment = { account, updated_at: sql<Date>`now()` };
  await database
    .insertInto('model_duration')
    .values(learned.map((row) => ({ ...row, ...moment, events: asReal(row.events), exposure: asReal(row.exposure) })))
    .onConflict((conflict) =>
      conflict.columns(['account', 'kind', 'model', 'version', 'clock', 'memory']).doUpdateSet({
        score: (build) => build.ref('excluded.score'),
        events: (build) => build.ref('excluded.events'),
        exposure: (build) => build.ref('excluded.exposure'),
        updated_at: (build) => build.ref('excluded.updated_at'),
      }),
    )
    .execute();
}

/** What has decayed to less than a `real` can hold is nothing: PostgreSQL would refuse the row, and all others with it. */
function asReal(values: readonly number[]): number[] {
  return values.map(Math.fround);
}
