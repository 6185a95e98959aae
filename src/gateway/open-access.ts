import type { Clock } from '../kit/clock.ts';
import type { AccessConfig } from '../config/access.ts';
import type { HttpAccess } from '../http/request/access.ts';
import { createApiKeyAuthentication } from '../http/authentication/api-keys.ts';
import { localCaller, type Authentication } from '../http/authentication/authentication.ts';
import { createBearerAuthentication } from '../http/authentication/bearer.ts';
import { createTokenAuthentication } from '../http/authentication/tokens.ts';
import type { Logger } from '../kit/logger.ts';
import { findApiKeys } from '../store/api-keys.ts';
import type { Database } from '../store/database.ts';

/** How callers prove who they are, as configured. */
export function openAuthentication(
  { modes, tokens }: AccessConfig,
  database: Database,
  options: { clock: Clock; logger: Logger },
): Authentication {
  if (modes.length === 0) return localCaller;
  const findKeys = (ids: readonly string[]) => findApiKeys(database, ids);
  return createBearerAuthentication({
    apiKeys: modes.includes('api-key') ? createApiKeyAuthentication({ findKeys }, options) : null,
    tokens: tokens && createTokenAuthentication(tokens, options),
  });
}

export function httpAccessOf(access: AccessConfig, publicUrl: string | null): HttpAccess {
  const { modes, allowOpen, corsOrigins, graphiql, introspection, rateLimit, metricsToken } = access;
  const authenticated = modes.length > 0;
  return {
    authenticated,
    // Otherwise any page on the web could reach a gateway that asks nobody for a key, under a name of its own that it lets
    // point to this machine (DNS rebinding).
    loopbackOnly: !authenticated && !allowOpen,
    corsOrigins,
    publicOrigin: publicUrl === null ? null : new URL(publicUrl).origin,
    graphiql,
    introspection,
    rateLimit,
    metricsToken,
  };
}
