import { sql } from 'kysely';
import type { Database } from './database.ts';

/** What signs for an owner now, the newest first; none before the first was made. */
export async function findSigningSecrets(database: Database, owner: string): Promise<string[]> {
  const rows = await database
    .selectFrom('webhook_secret')
    .select('secret')
    .where('owner', '=', owner)
    .where(({ or, eb }) => or([eb('signs_until', 'is', null), eb('signs_until', '>', sql<Date>`clock_timestamp()`)]))
    .orderBy('created_at', 'desc')
    .execute();
  return rows.map(({ secret }) => secret);
}

/** The owner's secrets, after making the given one its first if it had none. */
export async function insertFirstSecret(database: Database, owner: string, secret: string): Promise<string[]> {
  await database
    .insertInto('webhook_secret')
    .values({ owner, secret })
    .onConflict((conflict) => conflict.doNothing())
    .execute();
  return await findSigningSecrets(database, owner);
}

/**
 * Makes a secret the owner's current one. What has signed so far goes on for `overlapHours`: its own, and where it had
 * none, `inherited`.
 */
export async function rotateSecret(
  database: Database,
  owner: string,
  secret: string,
  { inherited, overlapHours }: { inherited: readonly string[]; overlapHours: number },
): Promise<void> {
  const end = sql<Date>`clock_timestamp() + ${overlapHours} * interval '1 h'`;
  await database.transaction().execute(async (open) => {
    const own = await findSigningSecrets(open, owner);
    await open
      .updateTable('webhook_secret')
      .set({ signs_until: end })
      .where('owner', '=', owner)
      .where('signs_until', 'is', null)
      .execute();
    const retiring = own.length > 0 ? [] : inherited.map((old) => ({ owner, secret: old, signs_until: end }));
    if (retiring.length > 0) {
      await open
        .insertInto('webhook_secret')
        .values(retiring)
        .onConflict((conflict) => conflict.columns(['owner', 'secret']).doUpdateSet({ signs_until: end }))
        .execute();
    }
    await open.insertInto('webhook_secret').values({ owner, secret }).execute();
  });
}
