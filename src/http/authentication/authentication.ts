import type { IncomingMessage } from 'node:http';
import type { Caller } from '../../domain/task/task.ts';
import { RefusedRequest } from '../request/refused-request.ts';

/** What a caller can be known by: the headers of a request, or those that stand for one on a WebSocket. */
export type Credentials = { headers: { get(name: string): string | null } };

/** Who somebody has proved to be. */
export type Identity = {
  caller: Caller;
  /** What rates and sockets are counted by: one for each API key, and one for each owner of tokens. */
  credential: string;
  /** When what proved it stops being valid by itself; null for what has to be revoked. */
  expiresAt: Date | null;
  /** The id of the issuer's key that proved it: what it withdraws, it takes back. */
  issuerKeyId?: string;
};

export type Authentication = {
  /**
   * Refuses by a RefusedRequest: 401 UNAUTHENTICATED, always the same words, or 503 SERVICE_UNAVAILABLE where that can't
   * be told at the moment.
   */
  authenticate(credentials: Credentials): Promise<Identity>;
  /** Those that would not be let in any more: expired or revoked since. None of them where that can't be told. */
  findEnded(identities: readonly Identity[]): Promise<Identity[]>;
};

export const localIdentity: Identity = { caller: { owner: 'local' }, credential: 'local', expiresAt: null };

/** AUTH_MODE=none: whoever reaches the port is the one local caller. */
export const localCaller: Authentication = {
  authenticate: () => Promise.resolve(localIdentity),
  findEnded: () => Promise.resolve([]),
};

/** The same whatever was wrong: whoever guesses learns nothing. */
export function unauthenticated(): RefusedRequest {
  return new RefusedRequest(401, 'Send a valid API key or token as Authorization: Bearer <key or token>.', {
    code: 'UNAUTHENTICATED',
    headers: { 'WWW-Authenticate': 'Bearer' },
  });
}

export function credentialsOf({ headers }: IncomingMessage): Credentials {
  return {
    headers: {
      get(name) {
        const value = headers[name.toLowerCase()];
        return typeof value === 'string' ? value : null;
      },
    },
  };
}

/** What follows "Bearer " in the Authorization header (RFC 6750); null without one. */
export function bearerOf({ headers }: Credentials): string | null {
  return /^Bearer +([\w~+/.=-]+) *$/i.exec(headers.get('authorization') ?? '')?.[1] ?? null;
}
