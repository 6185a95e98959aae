import type { IncomingMessage } from 'node:http';
import type { Caller } from '../../domain/task/task.ts';
import { RefusedRequest } from '../request/refused-request.ts';

/** The headers of a request, or what stands for them on a WebSocket. */
export type Credentials = { headers: { get(name: string): string | null } };

export type Identity = {
  caller: Caller;
  /** Rates and sockets are counted by it: one for each API key, and one for each owner of tokens. */
  credential: string;
  /** null for an API key, which has to be revoked. */
  expiresAt: Date | null;
  /** The id of the issuer's key that signed the token: once it is withdrawn, the identity ends. */
  issuerKeyId?: string;
};

export type Authentication = {
  /** Throws a RefusedRequest: 401 UNAUTHENTICATED, always in the same words, or 503 SERVICE_UNAVAILABLE if it can't check. */
  authenticate(credentials: Credentials): Promise<Identity>;
  /** Those that have expired or were revoked. Leaves out those that it can't check. */
  findEnded(identities: readonly Identity[]): Promise<Identity[]>;
};

export const localIdentity: Identity = { caller: { owner: 'local' }, credential: 'local', expiresAt: null };

/** AUTH_MODE=none: every request is that of the one local caller. */
export const localCaller: Authentication = {
  authenticate: () => Promise.resolve(localIdentity),
  findEnded: () => Promise.resolve([]),
};

/** The same for every cause, so that guessing reveals nothing. */
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

/** The token behind "Bearer " in the Authorization header (RFC 6750). */
export function bearerOf({ headers }: Credentials): string | null {
  return /^Bearer +([\w~+/.=-]+) *$/i.exec(headers.get('authorization') ?? '')?.[1] ?? null;
}
