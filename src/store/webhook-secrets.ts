import { sql } from 'kysely';
import { rotationHours } from '../domain/task/webhook-secret.ts';
import type { Database } from './database.ts';

/** A secret of an owner's own. */
export type OwnSecret = {
  secret: string;
  /** An operator made it the owner's. false: it was made because there was none. */
  isChosen: boolean;
  /** Not yet older than a rotation takes. */
  isNew: boolean;
};

const rotation = sql`${rotationHours} * interval '1 h'`;

/** Those of an owner's own that sign now, the newest first; none before the first was made. */
export async function findOwnSecrets(database: Database, owner: string): Promise<OwnSecret[]> {
  return await database
    .selectFrom('webhook_secret')
    .select(['secret', 'is_chosen as isChosen', sql<boolean>`created_at > clock_timestamp() - ${rotation}`.as('isNew')])
    .where('owner', '=', owner)
    .where(({ or, eb }) => or([eb('signs_until', 'is', null), eb('signs_until', '>', sql<Date>`clock_timestamp()`)]))
    .orderBy('created_at', 'desc')
    .execute();
}

/** The owner's own secrets, after making the given one its first if it had none. No operator has chosen that one. */
export async function insertFirstSecret(database: Database, owner: string, secret: string): Promise<OwnSecret[]> {
  await database
    .insertInto('webhook_secret')
    .values({ owner, secret, is_chosen: false })
    .onConflict((conflict) => conflict.doNothing())
    .execute();
  return await findOwnSecrets(database, owner);
}

/** Makes a secret the owner's current one, by choice. Its own so far sign for `rotationHours` more. */
export async function rotateSecret(database: Database, owner: string, secret: string): Promise<void> {
  await database.transaction().execute(async (open) => {
    await open
      .updateTable('webhook_secret')
      .set({ signs_until: sql<Date>`clock_timestamp() + ${rotation}` })
      .where('owner', '=', owner)
      .where('signs_until', 'is', null)
      .execute();
    await open.insertInto('webhook_secret').values({ owner, secret, is_chosen: true }).execute();
  });
}
