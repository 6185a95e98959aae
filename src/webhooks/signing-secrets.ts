import { makeWebhookSecret } from '../domain/task/webhook-secret.ts';
import type { Database } from '../store/database.ts';
import { findOwnSecrets, insertFirstSecret, type OwnSecret } from '../store/webhook-secrets.ts';

/**
 * The secrets that sign for an owner, at least one: those it has chosen; the configured ones, until its first choice is older
 * than a rotation takes; and one made here, if nothing else exists. The first is the one to check signatures with.
 */
export async function getSigningSecrets(
  database: Database,
  owner: string,
  configured: readonly string[],
): Promise<readonly string[]> {
  const own = await findOwnSecrets(database, owner);
  // What was replaced less than a rotation ago still signs. If all choices are new, the first choice is among them.
  const isRecentChoice = own.every(({ isChosen, isNew }) => isNew || !isChosen);
  const inherited = isRecentChoice ? configured : [];
  const secrets = [...own.filter(wasChosen).map(secretOf), ...inherited, ...own.filter(wasMade).map(secretOf)];
  if (secrets.length > 0) return secrets;
  return (await insertFirstSecret(database, owner, makeWebhookSecret())).map(secretOf);
}

const secretOf = ({ secret }: OwnSecret): string => secret;
const wasChosen = ({ isChosen }: OwnSecret): boolean => isChosen;
const wasMade = ({ isChosen }: OwnSecret): boolean => !isChosen;
