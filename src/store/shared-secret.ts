import { randomBytes } from 'node:crypto';
import type { Database } from './database.ts';

/** 32 random bytes that all replicas share: made when first needed, and kept. */
export async function getSharedSecret(database: Database, name: string): Promise<Uint8Array> {
  await database
    .insertInto('shared_secret')
    .values({ name, secret: randomBytes(32) })
    .onConflict((conflict) => conflict.doNothing())
    .execute();
  const { secret } = await database
    .selectFrom('shared_secret')
    .select('secret')
    .where('name', '=', name)
    .executeTakeFirstOrThrow();
  return secret;
}
