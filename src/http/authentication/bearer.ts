import { looksLikeApiKey } from '../../domain/api-key.ts';
import { type Authentication, bearerOf, type Identity, unauthenticated } from './authentication.ts';

/** API keys, or tokens. */
export type BearerScheme = {
  /** null for an invalid text. Throws a RefusedRequest 503 SERVICE_UNAVAILABLE if it can't check. */
  authenticate(text: string): Promise<Identity | null>;
  /** Those of its own identities that are not valid any more. Leaves out those that it can't check. */
  findEnded(identities: readonly Identity[]): Promise<Identity[]>;
};

/** null stands for a scheme that is not accepted. */
export function createBearerAuthentication(kinds: {
  apiKeys: BearerScheme | null;
  tokens: BearerScheme | null;
}): Authentication {
  const { apiKeys, tokens } = kinds;
  const schemes = [apiKeys, tokens].filter((scheme) => scheme !== null);
  return {
    async authenticate(credentials) {
      const text = bearerOf(credentials);
      if (text === null) throw unauthenticated();
      const identity = await (looksLikeApiKey(text) ? apiKeys : tokens)?.authenticate(text);
      if (!identity) throw unauthenticated();
      return identity;
    },
    async findEnded(identities) {
      const ended = await Promise.all(schemes.map((scheme) => scheme.findEnded(identities)));
      return ended.flat();
    },
  };
}
