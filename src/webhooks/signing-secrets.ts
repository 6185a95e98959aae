import { makeWebhookSecret } from '../domain/webhook-secret.ts';
import type { Database } from '../store/database.ts';
import { findSigningSecrets, insertFirstSecret } from '../store/webhook-secrets.ts';

/** What signs for an owner: its own, else what is configured, else one that is made now. At least one, the newest first. */
export async function getSigningSecrets(
  database: Database,
  owner: string,
  configured: readonly string[],
): Promise<readonly string[]> {
  const own = await findSigningSecrets(database, owner);
  if (own.length > 0) return own;
  return configured.length > 0 ? configured : await insertFirstSecret(database, owner, makeWebhookSecret());
}
