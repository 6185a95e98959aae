import { InvalidInputError } from '../domain/errors.ts';
import { isOwnerName, ownerNameRule } from '../domain/owner.ts';
import { makeWebhookSecret, rotationHours } from '../domain/task/webhook-secret.ts';
import type { Database } from '../store/database.ts';
import { findOwnSecrets, rotateSecret } from '../store/webhook-secrets.ts';
import { getSigningSecrets } from '../webhooks/signing-secrets.ts';

type Place = { database: Database; description: string; webhookSecrets: readonly string[] };

/** Prints the secret that an owner's receivers check signatures with; a new one with `rotate`. Throws an InvalidInputError. */
export function showWebhookSecret(owner: string, rotate: boolean): (place: Place) => Promise<void> {
  if (!isOwnerName(owner)) {
    throw new InvalidInputError([{ path: ['owner'], code: 'MALFORMED', message: ownerNameRule }]);
  }
  return async ({ database, description, webhookSecrets }) => {
    if (rotate) await rotateSecret(database, owner, makeWebhookSecret());
    const isMadeNow = webhookSecrets.length === 0 && (await findOwnSecrets(database, owner)).length === 0;
    const [current] = await getSigningSecrets(database, owner, webhookSecrets);
    console.error(`Signs the webhooks of ${owner}, in ${description}.`);
    if (rotate) console.error(`What signed before goes on signing beside it for ${rotationHours} hours.`);
    if (isMadeNow) {
      console.error('It was made now: there was none. If the gateway has a WEBHOOK_SECRET, both sign from now on.');
    }
    console.log(current);
  };
}
