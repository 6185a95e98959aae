import { makeWebhookSecret } from '../domain/task/webhook-secret.ts';
import type { Database } from '../store/database.ts';
import { findOwnSecrets, insertFirstSecret, type OwnSecret } from '../store/webhook-secrets.ts';

/**
 * What signs for an owner: its own that was chosen; what is configured, until the first choice is older than a rotation
 * takes; and what was made while nothing was configured, which is made now where there is nothing else. At least one,
 * and first the one that signatures are to be checked with.
 */
export async function getSigningSecrets(
  database: Database,
  owner: string,
  configured: readonly string[],
): Promise<readonly string[]> {
  const own = await findOwnSecrets(database, owner);
  // Whatever it replaced less than a rotation ago signs still: if all are new, the first one is among them.
  const isRecentChoice = own.every(({ isChosen, isNew }) => isNew || !isChosen);
  const inherited = isRecentChoice ? configured : [];
  const secrets = [...own.filter(wasChosen).map(secretOf), ...inherited, ...own.filter(wasMade).map(secretOf)];
  if (secrets.length > 0) return secrets;
  return (await insertFirstSecret(database, owner, makeWebhookSecret())).map(secretOf);
}

const secretOf = ({ secret }: OwnSecret): string => secret;
const wasChosen = ({ isChosen }: OwnSecret): boolean => isChosen;
const wasMade = ({ isChosen }: OwnSecret): boolean => !isChosen;
