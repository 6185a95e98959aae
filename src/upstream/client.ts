import { Pool } from 'undici';
import type { Clock } from '../kit/clock.ts';
import { UpstreamCallError, type UpstreamAction } from '../domain/upstream.ts';
import { exchange, ExchangeError } from './exchange.ts';
import { createSigningTime } from './signing-time.ts';
import { createTc3Signer, type Credentials } from './tc3-signature.ts';
import { readVendorAnswer, type VendorAnswer } from './vendor-answer.ts';

const apiVersion = '2019-06-12';
const contentType = 'application/json';
const connectTimeoutMs = 5000;

// For a Create, a connection must not have been idle for 2 s: a server that closes an idle connection just as the request
// arrives looks like one that took the request and died.
const defaultIdleMs = { fresh: 1500, usual: 30_000 };

export type CallOptions = {
  /** From the connect to the last byte of the answer. */
  timeoutMs: number;
  /** A new connection, or one that was in use a moment ago. */
  freshConnection: boolean;
  signal?: AbortSignal | undefined;
};

export type Client = AsyncDisposable & {
  /** Throws only UpstreamCallErrors. */
  call(action: UpstreamAction, body: object, options: CallOptions): Promise<VendorAnswer>;
};

/** Ignores proxies of the environment and follows no redirect. Disposing waits for the calls under way. */
export function createClient(dependencies: {
  endpoint: string;
  credentials: Credentials;
  region: string | null;
  clock: Clock;
  idleMs?: { fresh: number; usual: number };
}): Client {
  const { credentials, region, clock, idleMs = defaultIdleMs } = dependencies;
  const { origin, hostname } = new URL(dependencies.endpoint);
  const closing = new AbortController();
  const pools = {
    fresh: createPool(origin, idleMs.fresh, closing.signal),
    usual: createPool(origin, idleMs.usual, closing.signal),
  };
  const underWay = new Set<Promise<VendorAnswer>>();
  const signingTime = createSigningTime(clock);
  const sign = createTc3Signer(credentials);

  function signedHeaders(action: UpstreamAction, body: string): Record<string, string> {
    const timestamp = Math.floor(signingTime.now() / 1000);
    return {
      Authorization: sign({ hostname, contentType, body, timestamp }),
      'Content-Type': contentType,
      'X-TC-Action': action,
      'X-TC-Version': apiVersion,
      'X-TC-Timestamp': String(timestamp),
      ...(region === null ? {} : { 'X-TC-Region': region }),
      ...(credentials.token === undefined ? {} : { 'X-TC-Token': credentials.token }),
    };
  }

  async function send(action: UpstreamAction, body: string, options: CallOptions): Promise<VendorAnswer> {
    const pool = options.freshConnection ? pools.fresh : pools.usual;
    try {
      const answer = await exchange(pool, { headers: signedHeaders(action, body), body }, { clock, ...options });
      return signingTime.checkAgainst(answer.date, () => readVendorAnswer(action, answer, credentials));
    } catch (error) {
      throw error instanceof ExchangeError ? asCallError(action, error) : error;
    }
  }

  return {
    async call(action, body, options) {
      const sending = send(action, JSON.stringify(body), options);
      underWay.add(sending);
      try {
        return await sending;
      } finally {
        underWay.delete(sending);
      }
    },
    async [Symbol.asyncDispose]() {
      await Promise.allSettled(underWay);
      closing.abort();
      await Promise.all([pools.fresh.destroy(), pools.usual.destroy()]);
    },
  };
}

function createPool(origin: string, idleMs: number, closing: AbortSignal): Pool {
  return new Pool(origin, {
    allowH2: false, // see exchange(): only HTTP/1.1 is known never to repeat a request
    pipelining: 1,
    keepAliveTimeout: idleMs,
    keepAliveMaxTimeout: idleMs, // a server's Keep-Alive header can shorten it, never lengthen it
    headersTimeout: 0, // the call's own time-out covers both
    bodyTimeout: 0,
    connectTimeout: connectTimeoutMs,
    connect: { signal: closing }, // destroying a pool leaves connections that are being established
  });
}

function asCallError(action: UpstreamAction, error: ExchangeError): UpstreamCallError {
  return error.mayHaveArrived
    ? new UpstreamCallError('no-answer', error.code, `${action} was sent, but no answer came (${error.code}).`, {
        cause: error.cause,
      })
    : new UpstreamCallError('not-connected', error.code, `${action} was not sent: no connection (${error.code}).`, {
        cause: error.cause,
      });
}
