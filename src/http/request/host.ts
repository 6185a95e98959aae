import type { IncomingMessage } from 'node:http';
import { isLoopbackHost } from '../../domain/request/public-host.ts';
import type { HttpAccess } from './access.ts';
import { RefusedRequest } from './refused-request.ts';

/** What a Host never has, and what would end the host within a URL. */
const delimiters = /[\s/?#@\\]/;

/**
 * Why nothing is answered that was addressed like this; null where that is right. A Host that no URL can have is nobody's:
 * URLs are made of it further on. Only HTTP/1.0 may leave it out.
 */
export function hostRefusal(
  request: IncomingMessage,
  { loopbackOnly }: Pick<HttpAccess, 'loopbackOnly'>,
): RefusedRequest | null {
  const { host } = request.headers;
  if (host && hostnameOf(host) === null) return namesNoHost();
  return loopbackOnly && !hasLoopbackHost(request) ? misdirected() : null;
}

/**
 * Whether a request was addressed to this machine by its own name. Where nobody has to prove who they are, this keeps
 * web pages outside that let a name of their own point to 127.0.0.1 (DNS rebinding): to the browser they are of the
 * same origin then, and could spend the money of whoever runs a gateway beside it.
 */
function hasLoopbackHost({ headers }: IncomingMessage): boolean {
  const forwarded = [headers['x-forwarded-host'] ?? []].flat().flatMap((list) => list.split(','));
  return [headers.host ?? '', ...forwarded].every((host) => isLoopbackHost(hostnameOf(host.trim()) ?? ''));
}

/** Without the port; null for what is no host. */
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
