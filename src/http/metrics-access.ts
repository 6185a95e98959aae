import { createHash, timingSafeEqual } from 'node:crypto';
import type { HttpAccess } from './access.ts';
import { type Credentials, unauthenticated } from './authentication/authentication.ts';

/**
 * Refuses by a RefusedRequest 401 where callers have to prove who they are and these don't carry METRICS_TOKEN. A
 * caller's key opens nothing here: the numbers are those of all callers together.
 */
export function checkMetricsAccess(credentials: Credentials, { authenticated, metricsToken }: HttpAccess): void {
  if (!authenticated) return;
  const given = /^Bearer +(\S+)$/i.exec(credentials.headers.get('authorization') ?? '')?.[1];
  if (metricsToken === null || given === undefined || !areEqual(given, metricsToken)) throw unauthenticated();
}

/** In a time that tells nothing of either. */
function areEqual(one: string, other: string): boolean {
  return timingSafeEqual(digestOf(one), digestOf(other));
}

function digestOf(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
