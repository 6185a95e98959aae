import type { IncomingMessage } from 'node:http';
import { RefusedRequest } from './refused-request.ts';

const loopbackHost = /^(?:localhost|127(?:\.\d{1,3}){3}|\[::1\])(?::\d{1,5})?$/i;

/**
 * Whether a request was addressed to this machine by its own name. Where nobody has to prove who they are, this keeps
 * web pages outside that let a name of their own point to 127.0.0.1 (DNS rebinding): to the browser they are of the
 * same origin then, and could spend the money of whoever runs a gateway beside it.
 */
export function hasLoopbackHost({ headers }: IncomingMessage): boolean {
  const forwarded = [headers['x-forwarded-host'] ?? []].flat().flatMap((list) => list.split(','));
  return [headers.host ?? '', ...forwarded].every((host) => loopbackHost.test(host.trim()));
}

export function misdirected(): RefusedRequest {
  return new RefusedRequest(
    421,
    'Without authentication only requests to localhost, 127.0.0.1 or [::1] are answered. ' +
      'Set AUTH_MODE, or AUTH_ALLOW_OPEN=true to lift that.',
    { code: 'FORBIDDEN' },
  );
}
