import { buildConnector, Client, type Dispatcher } from 'undici';
import type { Clock } from '../kit/clock.ts';
import type { OutboundRequest, PublicRequests } from '../domain/outbound.ts';
import { guardLookup } from './guarded-lookup.ts';
import { createLifetime, type Lifetime } from './lifetime.ts';
import { createLookup, type Lookup } from './lookup.ts';
import { parseTarget, type Target } from './target.ts';
import { asOutboundError } from './transport-errors.ts';

const connectTimeoutMs = 5000;
// Node's default of 250 ms is less than a round trip around the world.
const addressTimeoutMs = 1500;
const maxHeadBytes = 16 * 1024;

/**
 * Calls https URLs on public addresses, and any URL of the exempt origins (as `URL.origin` spells them). Each request has a
 * connection of its own, so none is reused that was checked for another one. Proxies of the environment are ignored.
 */
export function createPublicRequests({
  exemptOrigins,
  clock,
  lookup = createLookup(),
}: {
  exemptOrigins: readonly string[];
  clock: Clock;
  lookup?: Lookup;
}): PublicRequests {
  const guardedLookup = guardLookup(lookup);

  return {
    async send(request) {
      const target = parseTarget(request.url, exemptOrigins);
      const lifetime = createLifetime(request.timeoutMs, request.signal, clock);
      const line = openLine(target, guardedLookup, lifetime);
      try {
        const { statusCode, headers, body } = await line.ask(request);
        return {
          status: statusCode,
          headers: toHeaders(headers),
          body: line.read(body, request.stallTimeoutMs),
          [Symbol.dispose]: lifetime.end,
        };
      } catch (error) {
        const explained = line.explain(error);
        lifetime.end();
        throw explained;
      }
    },
  };
}

function openLine({ url, isExempt }: Target, lookup: ReturnType<typeof guardLookup>, lifetime: Lifetime) {
  const { over } = lifetime;
  let wasConnected = false;
  const connected = Promise.withResolvers<void>();
  const connect = buildConnector({
    allowH2: false,
    timeout: 0, // all time-outs are the lifetime's
    rejectUnauthorized: true,
    autoSelectFamily: true,
    autoSelectFamilyAttemptTimeout: addressTimeoutMs,
    signal: over, // destroying a client leaves a connection that is being established
    ...(isExempt ? {} : { lookup }),
  });
  const client = new Client(url.origin, {
    connect(options, callback) {
      connect(options, (...outcome) => {
        wasConnected = outcome[0] === null;
        if (wasConnected) connected.resolve();
        callback(...outcome);
      });
    },
    headersTimeout: 0,
    bodyTimeout: 0,
    maxHeaderSize: maxHeadBytes,
  });
  over.addEventListener('abort', () => client.destroy(over.reason, () => undefined));

  return {
    async ask({ method, headers = {}, body, headersTimeoutMs }: OutboundRequest): Promise<Dispatcher.ResponseData> {
      over.throwIfAborted();
      const answer = client.request({
        path: `${url.pathname}${url.search}`,
        method,
        headers,
        body: body ?? null,
        reset: true,
      });
      const reached = Promise.race([connected.promise, answer]);
      await lifetime.limit(connectTimeoutMs, (duration) => `No connection stood within ${duration}.`, reached);
      return await lifetime.limit(headersTimeoutMs, (duration) => `No answer came within ${duration}.`, answer);
    },

    async *read(body: Dispatcher.ResponseData['body'], stallTimeoutMs: number): AsyncGenerator<Uint8Array> {
      const pieces = body[Symbol.asyncIterator]();
      const describe = (duration: string) => `Nothing more of the answer came for ${duration}.`;
      try {
        for (;;) {
          // Counts only while the reader waits for more; the reader itself may be slow.
          const piece = await lifetime.limit(stallTimeoutMs, describe, pieces.next());
          if (piece.done) return;
          yield piece.value;
        }
      } catch (error) {
        throw this.explain(error);
      } finally {
        lifetime.end();
      }
    },

    explain: (error: unknown) => asOutboundError(over.aborted ? over.reason : error, wasConnected),
  };
}

function toHeaders(received: Dispatcher.ResponseData['headers']): Headers {
  const headers = new Headers();
  for (const [name, value] of Object.entries(received)) {
    for (const line of [value ?? []].flat()) headers.append(name, line);
  }
  return headers;
}
