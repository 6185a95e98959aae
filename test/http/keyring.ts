import type { Clock } from '../../src/kit/clock.ts';
import { type Authentication, bearerOf, unauthenticated } from '../../src/http/authentication/authentication.ts';
import { RefusedRequest } from '../../src/http/request/refused-request.ts';

export type Keyring = {
  authentication: Authentication;
  /** From now on `Authorization: Bearer <name>` is its owner's; as a token where it expires. */
  issue(name: string, options?: { owner?: string; expiresAt?: Date }): void;
  revoke(name: string): void;
  /** Nothing can be told while it is away. */
  isAway: boolean;
  /** How many identities were asked after at each sweep. */
  asked: number[];
};

/** Keys and tokens in memory: what is tested with it is what a server does about them. */
export function createKeyring(clock: Pick<Clock, 'now'>): Keyring {
  const issued = new Map<string, { owner: string; expiresAt: Date | null }>();
  const isLive = (expiresAt: Date | null) => expiresAt === null || expiresAt.getTime() > clock.now();

  const keyring: Keyring = {
    isAway: false,
    asked: [],
    issue: (name, { owner = name, expiresAt = null } = {}) => void issued.set(name, { owner, expiresAt }),
    revoke: (name) => void issued.delete(name),
    authentication: {
      async authenticate(credentials) {
        const name = bearerOf(credentials);
        const found = name === null ? undefined : issued.get(name);
        if (name !== null && keyring.isAway) throw new RefusedRequest(503, 'Away.', { code: 'SERVICE_UNAVAILABLE' });
        if (name === null || found === undefined || !isLive(found.expiresAt)) throw unauthenticated();
        const { owner, expiresAt } = found;
        return { caller: { owner }, credential: expiresAt === null ? `key:${name}` : `owner:${owner}`, expiresAt };
      },
      async findEnded(identities) {
        keyring.asked.push(identities.length);
        if (keyring.isAway) throw new Error('Nothing can be told at the moment.');
        return identities.filter(
          ({ credential, expiresAt }) =>
            !isLive(expiresAt) || (credential.startsWith('key:') && !issued.has(credential.slice('key:'.length))),
        );
      },
    },
  };
  return keyring;
}

export function bearer(name: string): { authorization: string } {
  return { authorization: `Bearer ${name}` };
}
