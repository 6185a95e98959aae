import { errors, type JWTPayload, type JWTVerifyResult, jwtVerify } from 'jose';
import type { Clock } from '../../kit/clock.ts';
import { isOwnerName, ownerNameRule } from '../../domain/owner.ts';
import type { Caller } from '../../domain/task/task.ts';
import type { Logger } from '../../kit/logger.ts';
import { RefusedRequest } from '../request/refused-request.ts';
import type { Identity } from './authentication.ts';
import type { BearerScheme } from './bearer.ts';
import { createIssuerKeys, type IssuerKeys } from './issuer-keys.ts';

export type TokenOptions = {
  /** Where the issuer publishes its public keys, or the secret that it shares with us. */
  keys: { jwksUrl: string } | { secret: string };
  /** null: any. */
  issuer: string | null;
  audience: string | null;
  /** The claim that names the owner. */
  ownerClaim: string;
  /** The claim that names with whom the owner shares what is scarce, such as a tenant. null: with none. */
  shareClaim?: string | null;
};

/** Longer ones are refused unread. A header can't be much longer; what comes with connection_init can. */
const maxTokenLength = 8 * 1024;

/** What is wrong with the claims of valid tokens is told no more often: an issuer may make any number of them. */
const tellClaimMs = 60_000;

/** How far the issuer's clock may be ahead, in seconds. An expired token gets no such grace. */
const notBeforeTolerance = 5;

/** Each kind of key with its own algorithms: nobody who knows a public key can use it as a secret, nor sign with none. */
const secretAlgorithms = ['HS256', 'HS384', 'HS512'];
const publicKeyAlgorithms = 'RS256 RS384 RS512 PS256 PS384 PS512 ES256 ES384 ES512 EdDSA Ed25519'.split(' ');

/**
 * JSON Web Tokens (RFC 7519) of browser users. Each is verified anew, in 0.02 ms (HS256), 0.07 (RS256), 0.2 (EdDSA): a
 * cache would save little, and go on believing a key that its issuer has withdrawn.
 */
export function createTokenAuthentication(
  options: TokenOptions,
  { clock, logger }: { clock: Clock; logger: Logger },
): BearerScheme {
  const { keys, issuer, audience, ownerClaim, shareClaim = null } = options;
  const { algorithms, find, isWithdrawn } =
    'secret' in keys
      ? { ...sharedSecret(keys.secret), algorithms: secretAlgorithms }
      : { ...createIssuerKeys(keys.jwksUrl, { clock, logger }), algorithms: publicKeyAlgorithms };
  const toldAt = new Map<string, number>();
  /** Not for a date beyond all dates either, which such a claim makes. */
  const isLive = (expiresAt: Date): boolean => expiresAt.getTime() > clock.now();

  async function verify(token: string): Promise<JWTVerifyResult | null> {
    try {
      return await jwtVerify(token, find, {
        algorithms,
        currentDate: new Date(clock.now()),
        clockTolerance: notBeforeTolerance,
        ...(issuer !== null && { issuer }),
        ...(audience !== null && { audience }),
      });
    } catch (error) {
      if (error instanceof RefusedRequest) throw error;
      const isOfToken = error instanceof errors.JOSEError;
      if (!isOfToken) logger.warn({ err: error }, 'a token names a key of its issuer that can not be used');
      return null;
    }
  }

  /** Without an expiry it counts as expired long ago. */
  function identityOf({ payload, protectedHeader: { kid } }: JWTVerifyResult): Identity | null {
    const expiresAt = new Date((payload.exp ?? 0) * 1000);
    if (!isLive(expiresAt)) return null;
    const caller = callerOf(payload);
    if (caller === null) return null;
    const identity = { caller, credential: `owner:${caller.owner}`, expiresAt };
    return typeof kid === 'string' ? { ...identity, issuerKeyId: kid } : identity;
  }

  /** null where a claim can not name what it has to; the caller is told only that the token is not valid. */
  function callerOf({ [ownerClaim]: owner, ...claims }: JWTPayload): Caller | null {
    if (!isName(owner)) return refuse(ownerClaim);
    if (shareClaim === null) return { owner };
    const shareGroup = shareClaim === ownerClaim ? owner : claims[shareClaim];
    if (shareGroup === undefined) {
      tell(shareClaim, 'a token lacks the claim that FAIR_SHARE_CLAIM names: its owner has a share of its own');
      return { owner };
    }
    return isName(shareGroup) ? { owner, shareGroup } : refuse(shareClaim);
  }

  function refuse(claim: string): null {
    tell(claim, 'a valid token was refused: its claim can not name an owner or a tenant');
    return null;
  }

  /** Without the value: it might be anything. */
  function tell(claim: string, message: string): void {
    const now = clock.monotonic();
    if (now - (toldAt.get(message) ?? -Infinity) < tellClaimMs) return;
    toldAt.set(message, now);
    logger.warn({ claim, rule: ownerNameRule }, message);
  }

  async function hasEnded({ expiresAt, issuerKeyId }: Identity): Promise<boolean> {
    if (expiresAt !== null && !isLive(expiresAt)) return true;
    return issuerKeyId !== undefined && (await isWithdrawn(issuerKeyId));
  }

  return {
    async authenticate(token) {
      const verified = token.length > maxTokenLength ? null : await verify(token);
      return verified && identityOf(verified);
    },
    async findEnded(identities) {
      const ended = await Promise.all(identities.map(hasEnded));
      return identities.filter((_identity, index) => ended[index]);
    },
  };
}

function isName(claim: unknown): claim is string {
  return typeof claim === 'string' && isOwnerName(claim);
}

function sharedSecret(secret: string): IssuerKeys {
  const key = new TextEncoder().encode(secret);
  return { find: () => key, isWithdrawn: () => Promise.resolve(false) };
}
