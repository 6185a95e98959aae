import { createLocalJWKSet, errors, type JSONWebKeySet, type JWTVerifyGetKey } from 'jose';
import type { Clock } from '../../kit/clock.ts';
import { readBounded } from '../../kit/read-bounded.ts';
import type { Logger } from '../../kit/logger.ts';
import { type RefusedRequest, unavailable } from '../request/refused-request.ts';

/** A hundred times what key sets have: a few keys of a kilobyte or two. */
const maxKeySetBytes = 256 * 1024;
const fetchTimeoutMs = 5_000;
/** After this, the keys are fetched again while requests go on with those at hand. */
const refreshMs = 5 * 60_000;
/** After this, requests wait for the fetch, so that a withdrawn key is not accepted for long. */
const freshMs = 10 * 60_000;
/** How long keys are used while the issuer is away: as long as its last tokens are likely to live. */
const keptMs = 60 * 60_000;
/** Between two fetches, however many unknown keys tokens name: an issuer publishes a new key before it uses it. */
const cooldownMs = 30_000;
const cooldownWithoutKeysMs = 5_000;

type KeySet = { find: JWTVerifyGetKey; ids: ReadonlySet<string | undefined>; fetchedAt: number };

export type IssuerKeys = {
  /** Throws a RefusedRequest 503 SERVICE_UNAVAILABLE while the issuer can't be reached and its keys aren't known. */
  find: JWTVerifyGetKey;
  /** False if it can't check. */
  isWithdrawn(id: string): Promise<boolean>;
};

/**
 * The public keys of an issuer of tokens: a JSON Web Key Set (RFC 7517) at `url`. It never finds a secret one, whatever
 * algorithm a token claims. Not jose's createRemoteJWKSet: that forgets the keys of an issuer that is away, fetches again
 * for every token then, reads responses of any size, and does not take our clock.
 */
export function createIssuerKeys(url: string, { clock, logger }: { clock: Clock; logger: Logger }): IssuerKeys {
  let keys: KeySet | null = null;
  let nextFetchAt = -Infinity;
  let fetching: Promise<void> | null = null;
  let isFailing = false;

  const areYounger = (ms: number): boolean => keys !== null && clock.monotonic() - keys.fetchedAt < ms;

  async function fetchKeys(): Promise<void> {
    try {
      const keySet = await fetchKeySet(url, clock);
      const find = createLocalJWKSet(keySet);
      keys = { find, ids: new Set(keySet.keys.map(({ kid }) => kid)), fetchedAt: clock.monotonic() };
      isFailing = false;
    } catch (error) {
      isFailing = true;
      logger.warn({ err: error, url }, 'could not fetch the keys of the issuer of tokens');
    }
    nextFetchAt = clock.monotonic() + (areYounger(keptMs) ? cooldownMs : cooldownWithoutKeysMs);
  }

  async function refresh(): Promise<void> {
    if (!fetching && clock.monotonic() < nextFetchAt) return;
    fetching ??= fetchKeys().finally(() => (fetching = null));
    await fetching;
  }

  async function refreshOld(): Promise<void> {
    if (areYounger(refreshMs)) return;
    const refreshing = refresh();
    const areEnough = areYounger(isFailing ? keptMs : freshMs);
    if (!areEnough) await refreshing;
  }

  const findKept: JWTVerifyGetKey = async (...token) => {
    if (!keys || !areYounger(keptMs)) throw unreachable();
    return await keys.find(...token);
  };

  return {
    async find(...token) {
      await refreshOld();
      try {
        return await findKept(...token);
      } catch (error) {
        if (!(error instanceof errors.JWKSNoMatchingKey)) throw error;
        await refresh();
        return await findKept(...token);
      }
    },
    async isWithdrawn(id) {
      await refreshOld();
      return keys !== null && areYounger(keptMs) && !keys.ids.has(id);
    },
  };
}

function unreachable(): RefusedRequest {
  const seconds = cooldownWithoutKeysMs / 1_000;
  return unavailable('Tokens can not be checked: their issuer is not reached. Try again in a moment.', seconds);
}

/** Follows no redirect: only the configured address may name the keys. */
async function fetchKeySet(url: string, clock: Clock): Promise<JSONWebKeySet> {
  const over = new AbortController();
  clock.sleep(fetchTimeoutMs, over.signal).then(
    () => over.abort(new Error(`No whole answer within ${fetchTimeoutMs} ms.`)),
    () => {},
  );
  try {
    const headers = { accept: 'application/jwk-set+json, application/json' };
    const response = await fetch(url, { redirect: 'manual', headers, signal: over.signal });
    if (response.status !== 200) throw new Error(`Answered with ${response.status} instead of 200.`);
    return JSON.parse(await readText(response));
  } finally {
    over.abort();
  }
}

async function readText({ body }: Response): Promise<string> {
  const bytes = body === null ? Buffer.alloc(0) : await readBounded(body, maxKeySetBytes);
  if (bytes === null) throw new Error(`Answered with more than ${maxKeySetBytes} bytes.`);
  return bytes.toString('utf8');
}
