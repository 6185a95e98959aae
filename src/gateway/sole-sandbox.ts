import { leaseTimes, type LeaseKeeper } from '../domain/lease.ts';

/**
 * Takes the lease of an embedded sandbox's account before anything else is started. Rejects, in words for an operator,
 * where another gateway holds it: that one has a sandbox of its own, and neither sandbox knows the other's tasks.
 */
export async function claimSandboxAccount(keeper: Pick<LeaseKeeper, 'acquire'>, account: string): Promise<void> {
  if ((await keeper.acquire()) !== null) return;
  throw new Error(
    `Another gateway on this database runs a sandbox of its own for the account ${account}, and a sandbox knows only the ` +
      'tasks that it was sent itself. Start one sandbox with `npm run sandbox` and name it to all gateways by ' +
      'TENCENTCLOUD_ENDPOINT, TENCENTCLOUD_SECRET_ID and TENCENTCLOUD_SECRET_KEY; or give this gateway another ' +
      'DATABASE_URL or UPSTREAM_ACCOUNT. If the other gateway was killed, start this one again in ' +
      `${leaseTimes.lastsMs / 1_000} seconds.`,
  );
}
