import { looksLikeApiKey } from '../../domain/api-key.ts';
import { type Authentication, bearerOf, type Identity, unauthenticated } from './authentication.ts';

/** One kind of what follows "Bearer ": API keys, or tokens. */
export type BearerScheme = {
  /** null for whatever isn't valid. Refuses by a RefusedRequest 503 SERVICE_UNAVAILABLE where that can't be told. */
  authenticate(text: string): Promise<Identity | null>;
  /** Those that it gave out itself and would not give out any more. None of them where that can't be told. */
  findEnded(identities: readonly Identity[]): Promise<Identity[]>;
};

/** Whoever shows a key or a token. null stands for a kind that isn't taken. */
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
