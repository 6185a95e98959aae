import { z } from 'zod';
import { integer, oneOf, partsOf, secret } from './values.ts';
import { isOwnerName } from '../domain/owner.ts';
import { isLoopbackHost } from '../domain/request/public-host.ts';
import type { OwnerLimit, Quotas } from '../domain/task/quota.ts';
import { defaultWebSocketBounds, type WebSocketBounds } from '../http/sockets/bounds.ts';

export const authModes = ['api-key', 'jwt'] as const;
export type AuthMode = (typeof authModes)[number];

export type TokenConfig = {
  /** Where the issuer publishes its public keys, or the secret that it shares with the gateway. */
  keys: { jwksUrl: string } | { secret: string };
  issuer: string | null;
  audience: string | null;
  ownerClaim: string;
  /** Names the owner's share group, such as a tenant. null: each owner has a share of its own. */
  shareClaim: string | null;
};

export type AccessConfig = {
  /** Empty: every request is that of the one local caller. */
  modes: readonly AuthMode[];
  /** Listen on any address, without authentication. */
  allowOpen: boolean;
  tokens: TokenConfig | null;
  /** Origins whose pages may call; `*` for all. */
  corsOrigins: readonly string[];
  graphiql: boolean;
  introspection: boolean;
  /** Requests per second for each key, or owner of tokens; null: unlimited. */
  rateLimit: number | null;
  /** Opens /metrics where there is authentication. */
  metricsToken: string | null;
  quotas: Quotas;
  webSocket: WebSocketBounds;
};

const mebibyte = 1024 * 1024;
const minSecretLength = 32;
/** Some issuers name their claims by URLs; a longer name is a mistake. */
const maxClaimLength = 255;
/** For callers with a key or a token; the local caller is trusted. */
const defaultRate = 100;

export const accessVariables = {
  AUTH_MODE: z.string().default('none').transform(parseModes),
  AUTH_ALLOW_OPEN: oneOf(['true', 'false'], 'false'),
  AUTH_JWKS_URL: z.string().refine(isSafeUrl, 'must be an https:// address; http:// only for this machine').optional(),
  AUTH_JWT_SECRET: secret().refine(
    (value) => value === undefined || value.length >= minSecretLength,
    `must have at least ${minSecretLength} characters, as HS256 asks for`,
  ),
  AUTH_ISSUER: z.string().optional(),
  AUTH_AUDIENCE: z.string().optional(),
  AUTH_OWNER_CLAIM: z.string().optional(),
  FAIR_SHARE_CLAIM: z.string().max(maxClaimLength, `must have at most ${maxClaimLength} characters`).optional(),
  CORS_ORIGINS: z.string().default('').transform(parseOrigins),
  GRAPHIQL: oneOf(['on', 'off'], 'on'),
  INTROSPECTION: oneOf(['on', 'off'], 'on'),
  RATE_LIMIT: integer(0, 100_000).optional(),
  METRICS_TOKEN: secret(),
  QUOTA_TASKS_IN_FLIGHT: z.string().default('').transform(parseOwnerLimit),
  QUOTA_CREATES_PER_MINUTE: z.string().default('').transform(parseOwnerLimit),
  WS_MAX_MESSAGE_BYTES: integer(1_024, 16 * mebibyte).default(defaultWebSocketBounds.maxMessageBytes),
  WS_MAX_FRAGMENTS: integer(1, 16_384).default(defaultWebSocketBounds.maxFragments),
  WS_MAX_SOCKETS_PER_KEY: integer(1, 1_000_000).default(defaultWebSocketBounds.maxSocketsPerKey),
  WS_MAX_HALF_OPEN: integer(1, 1_000_000).default(defaultWebSocketBounds.maxHalfOpen),
  WS_MAX_SUBSCRIPTIONS: integer(1, 100_000).default(defaultWebSocketBounds.maxSubscriptions),
  WS_MAX_MESSAGES_PER_SECOND: integer(1, 100_000).default(defaultWebSocketBounds.maxMessagesPerSecond),
  WS_MAX_BUFFERED_BYTES: integer(65_536, 1_024 * mebibyte).default(defaultWebSocketBounds.maxBufferedBytes),
};

const onlyWithTokens = [
  'AUTH_JWKS_URL',
  'AUTH_JWT_SECRET',
  'AUTH_ISSUER',
  'AUTH_AUDIENCE',
  'AUTH_OWNER_CLAIM',
  'FAIR_SHARE_CLAIM',
] as const;

export type AccessEnvironment = z.infer<z.ZodObject<typeof accessVariables>> & { HOST: string };

export function accessContradictions(environment: AccessEnvironment): string[] {
  const mistakes: string[] = [];
  const { AUTH_MODE: modes, AUTH_JWKS_URL: jwksUrl, AUTH_JWT_SECRET: sharedSecret } = environment;
  if (modes.includes('jwt')) {
    if ((jwksUrl === undefined) === (sharedSecret === undefined)) {
      mistakes.push('AUTH_MODE: jwt needs either AUTH_JWKS_URL or AUTH_JWT_SECRET');
    }
    // An issuer signs for many audiences with the same keys: tokens for another application would be accepted.
    for (const name of ['AUTH_ISSUER', 'AUTH_AUDIENCE'] as const) {
      if (jwksUrl !== undefined && environment[name] === undefined)
        mistakes.push(`${name}: is needed with AUTH_JWKS_URL`);
    }
  } else {
    for (const name of onlyWithTokens) {
      if (environment[name] !== undefined) mistakes.push(`${name}: means something only with jwt in AUTH_MODE`);
    }
  }
  if (modes.length > 0) return mistakes;
  if (!isLoopbackHost(environment.HOST) && environment.AUTH_ALLOW_OPEN !== 'true') {
    mistakes.push(
      'HOST: without authentication only a loopback address is listened on; set AUTH_MODE, or AUTH_ALLOW_OPEN=true to lift that',
    );
  }
  if (environment.METRICS_TOKEN !== undefined) {
    mistakes.push('METRICS_TOKEN: means something only with AUTH_MODE; without it everybody gets the metrics');
  }
  if (environment.CORS_ORIGINS.includes('*')) {
    mistakes.push('CORS_ORIGINS: * needs AUTH_MODE; without it any page on the web could spend your money');
  }
  return mistakes;
}

export function accessConfigOf(environment: AccessEnvironment): AccessConfig {
  const modes = environment.AUTH_MODE;
  const rateLimit = environment.RATE_LIMIT ?? (modes.length > 0 ? defaultRate : 0);
  return {
    modes,
    allowOpen: environment.AUTH_ALLOW_OPEN === 'true',
    tokens: modes.includes('jwt') ? tokenConfigOf(environment) : null,
    corsOrigins: environment.CORS_ORIGINS,
    graphiql: environment.GRAPHIQL === 'on',
    introspection: environment.INTROSPECTION === 'on',
    rateLimit: rateLimit === 0 ? null : rateLimit,
    metricsToken: environment.METRICS_TOKEN ?? null,
    quotas: {
      tasksInFlight: environment.QUOTA_TASKS_IN_FLIGHT,
      createsPerMinute: environment.QUOTA_CREATES_PER_MINUTE,
    },
    webSocket: {
      maxMessageBytes: environment.WS_MAX_MESSAGE_BYTES,
      maxFragments: environment.WS_MAX_FRAGMENTS,
      maxSocketsPerKey: environment.WS_MAX_SOCKETS_PER_KEY,
      maxHalfOpen: environment.WS_MAX_HALF_OPEN,
      maxSubscriptions: environment.WS_MAX_SUBSCRIPTIONS,
      maxMessagesPerSecond: environment.WS_MAX_MESSAGES_PER_SECOND,
      maxBufferedBytes: environment.WS_MAX_BUFFERED_BYTES,
    },
  };
}

function tokenConfigOf(environment: AccessEnvironment): TokenConfig {
  const { AUTH_JWKS_URL: jwksUrl, AUTH_JWT_SECRET: sharedSecret = '' } = environment;
  return {
    keys: jwksUrl === undefined ? { secret: sharedSecret } : { jwksUrl },
    issuer: environment.AUTH_ISSUER ?? null,
    audience: environment.AUTH_AUDIENCE ?? null,
    ownerClaim: environment.AUTH_OWNER_CLAIM ?? 'sub',
    shareClaim: environment.FAIR_SHARE_CLAIM ?? null,
  };
}

function parseModes(list: string, context: z.RefinementCtx): AuthMode[] {
  const parts = partsOf(list);
  const modes = authModes.filter((mode) => parts.includes(mode));
  if (parts.length === 1 && parts[0] === 'none') return [];
  if (modes.length > 0 && modes.length === parts.length) return modes;
  context.addIssue({ code: 'custom', message: 'must be none, api-key, jwt, or api-key,jwt' });
  return z.NEVER;
}

/** As browsers write them in the Origin header: without a path, in lower case, without the scheme's default port. */
function parseOrigins(list: string, context: z.RefinementCtx): string[] {
  const parts = partsOf(list);
  for (const part of parts) {
    if (part === '*' || (!part.includes('*') && URL.parse(part)?.origin === part)) continue;
    const message = `"${part}" must be an origin as browsers send it, such as https://app.example.com, or *`;
    context.addIssue({ code: 'custom', message });
  }
  return parts;
}

/** `100,acme=500`: 100 for every owner, 500 for acme. */
function parseOwnerLimit(list: string, context: z.RefinementCtx): OwnerLimit {
  let byDefault: number | null = null;
  const byOwner = new Map<string, number>();
  for (const part of partsOf(list)) {
    const at = part.lastIndexOf('=');
    const owner = part.slice(0, Math.max(at, 0)).trim();
    const number = part.slice(at + 1).trim();
    const refuse = (message: string) => context.addIssue({ code: 'custom', message: `"${part}" ${message}` });
    if (!/^\d{1,9}$/.test(number) || (at >= 0 && !isOwnerName(owner))) {
      refuse('must read <number>, for every owner, or <owner>=<number>');
    } else if (at < 0 ? byDefault !== null : byOwner.has(owner)) {
      refuse(`is a second number for ${at < 0 ? 'every owner' : owner}`);
    } else if (at < 0) byDefault = Number(number);
    else byOwner.set(owner, Number(number));
  }
  return { default: byDefault, byOwner };
}

function isSafeUrl(text: string): boolean {
  const url = URL.parse(text);
  if (url === null || url.username !== '') return false;
  return url.protocol === 'https:' || (url.protocol === 'http:' && isLoopbackHost(url.hostname));
}
