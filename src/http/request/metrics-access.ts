import { createHash, timingSafeEqual } from 'node:crypto';
import type { HttpAccess } from './access.ts';
import { type Credentials, unauthenticated } from '../authentication/authentication.ts';

/**
 * With authentication, only METRICS_TOKEN opens the metrics and details. A caller's key does not: they are about all
 * callers.
 */
export function isOperator({ headers }: Credentials, { authenticated, metricsToken }: HttpAccess): boolean {
  if (!authenticated) return true;
  const given = /^Bearer +(\S+)$/i.exec(headers.get('authorization') ?? '')?.[1];
  return metricsToken !== null && given !== undefined && areEqual(given, metricsToken);
}

export function checkMetricsAccess(credentials: Credentials, access: HttpAccess): void {
  if (!isOperator(credentials, access)) throw unauthenticated();
}

/** In constant time. */
function areEqual(one: string, other: string): boolean {
  return timingSafeEqual(digestOf(one), digestOf(other));
}

function digestOf(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
