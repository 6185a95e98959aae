import type { IncomingMessage } from 'node:http';
import { LRUCache } from 'lru-cache';
import { isLoopbackHost } from '../../domain/request/public-host.ts';
import type { HttpAccess } from './access.ts';
import { RefusedRequest } from './refused-request.ts';

const delimiters = /[\s/?#@\\]/;

/** null for a request with a right Host: it is part of URLs further on. Only HTTP/1.0 may leave it out. */
export function hostRefusal(
  request: IncomingMessage,
  { loopbackOnly }: Pick<HttpAccess, 'loopbackOnly'>,
): RefusedRequest | null {
  const { host } = request.headers;
  if (host && hostnameOf(host) === null) return namesNoHost();
  return loopbackOnly && !hasLoopbackHost(request) ? misdirected() : null;
}

/**
 * Whether a request names this machine. Without authentication, this keeps out web pages whose own name resolves to
 * 127.0.0.1 (DNS rebinding): to the browser they are of the same origin, and could spend the operator's money.
 */
function hasLoopbackHost({ headers }: IncomingMessage): boolean {
  const forwarded = [headers['x-forwarded-host'] ?? []].flat().flatMap((list) => list.split(','));
  return [headers.host ?? '', ...forwarded].every((host) => loopbackHosts.memo(host.trim()));
}

/** Clients send few different ones. */
const loopbackHosts = new LRUCache<string, boolean>({
  max: 100,
  memoMethod: (host) => isLoopbackHost(hostnameOf(host) ?? ''),
});

function hostnameOf(host: string): string | null {
  return delimiters.test(host) ? null : (URL.parse(`http://${host}`)?.hostname ?? null);
}

function namesNoHost(): RefusedRequest {
  return new RefusedRequest(400, 'The Host header names no host.', {
    remedy:
      'A request was refused because its Host names no host. If a proxy in front sent it, mend the Host it hands on.',
  });
}

function misdirected(): RefusedRequest {
  return new RefusedRequest(
    421,
    'Without authentication only requests to localhost, 127.0.0.1 or [::1] are answered. ' +
      'Set AUTH_MODE, or AUTH_ALLOW_OPEN=true to lift that.',
    {
      code: 'FORBIDDEN',
      remedy:
        'A request was refused because its Host or X-Forwarded-Host does not name this machine. If it is meant to come ' +
        'from elsewhere, set AUTH_MODE, or AUTH_ALLOW_OPEN=true; if a proxy sent it for this machine only, have it send Host: localhost.',
    },
  );
}
