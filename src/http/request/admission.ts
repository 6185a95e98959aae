import type { Authentication, Credentials, Identity } from '../authentication/authentication.ts';

/** Takes one request of a credential's rate. Refuses by a RefusedRequest: 429 RATE_LIMITED, with the time to wait. */
export type SpendRate = (credential: string) => Promise<void>;

/** The one door for every operation, over either transport. */
export type Admission = Authentication & {
  /** Who calls, within its rate. Refuses by a RefusedRequest. */
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
