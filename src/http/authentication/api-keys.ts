import type { Clock } from '../../kit/clock.ts';
import { isSecretOf, parseApiKey } from '../../domain/api-key.ts';
import type { Logger } from '../../kit/logger.ts';
import { unavailable } from '../request/refused-request.ts';
import type { Identity } from './authentication.ts';
import type { BearerScheme } from './bearer.ts';
import { createKeyMemory, type FindKeys } from './key-memory.ts';

export function createApiKeyAuthentication(
  { findKeys }: { findKeys: FindKeys },
  options: { clock: Clock; logger: Logger },
): BearerScheme {
  const memory = createKeyMemory(findKeys, options);

  /** While the database is away, no key counts as revoked. */
  const isEnded = async (id: string): Promise<boolean> =>
    await memory.findNow(id).then(
      (key) => key === null,
      () => false,
    );

  return {
    async authenticate(text) {
      const presented = parseApiKey(text);
      if (presented === null) return null;
      const key = await memory.find(presented.id).catch(refuse);
      if (key === null || !isSecretOf(key, presented.secret)) return null;
      return { caller: { owner: key.owner }, credential: credentialOf(key.id), expiresAt: null };
    },
    async findEnded(identities) {
      const ended = await Promise.all(
        identities.map(async (identity) => {
          const id = idOf(identity);
          return id !== null && (await isEnded(id)) ? [identity] : [];
        }),
      );
      return ended.flat();
    },
  };
}

const credentialPrefix = 'key:';

function credentialOf(id: string): string {
  return `${credentialPrefix}${id}`;
}

/** null for an identity that no key has proved. */
function idOf({ credential }: Identity): string | null {
  return credential.startsWith(credentialPrefix) ? credential.slice(credentialPrefix.length) : null;
}

function refuse(): never {
  throw unavailable('API keys cannot be checked at the moment. Try again soon.', 1);
}
