import type { Authentication, Credentials, Identity } from '../authentication/authentication.ts';

/** Takes one request of a credential's rate. Throws a RefusedRequest, 429 RATE_LIMITED, with the time to wait. */
export type SpendRate = (credential: string) => Promise<void>;

export type Admission = Authentication & {
  /** Authenticates, and counts against the caller's rate. Throws RefusedRequests. */
  admit(credentials: Credentials): Promise<Identity>;
};

export function createAdmission({ authenticate, findEnded }: Authentication, spendRate: SpendRate): Admission {
  return {
    authenticate,
    findEnded,
    async admit(credentials) {
      const identity = await authenticate(credentials);
      await spendRate(identity.credential);
      return identity;
    },
  };
}
