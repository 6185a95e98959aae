import { createHash, timingSafeEqual } from 'node:crypto';
import type { HttpAccess } from './access.ts';
import { type Credentials, unauthenticated } from '../authentication/authentication.ts';

/**
 * Whether somebody may see how the gateway is doing: where callers have to prove who they are, by METRICS_TOKEN only. A
 * caller's key opens nothing here: it is about all callers together.
 */
export function isOperator({ headers }: Credentials, { authenticated, metricsToken }: HttpAccess): boolean {
  if (!authenticated) return true;
  const given = /^Bearer +(\S+)$/i.exec(headers.get('authorization') ?? '')?.[1];
  return metricsToken !== null && given !== undefined && areEqual(given, metricsToken);
}

/** Refuses anybody else by a RefusedRequest 401. */
export function checkMetricsAccess(credentials: Credentials, access: HttpAccess): void {
  if (!isOperator(credentials, access)) throw unauthenticated();
}

/** In a time that tells nothing of either. */
function areEqual(one: string, other: string): boolean {
  return timingSafeEqual(digestOf(one), digestOf(other));
}

function digestOf(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
