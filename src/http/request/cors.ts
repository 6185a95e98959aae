import type { IncomingMessage, ServerResponse } from 'node:http';
import type { HttpAccess } from './access.ts';
import { RefusedRequest } from './refused-request.ts';

export type Cors = {
  /** For WebSockets: browsers let any page open one, without a preflight. Clients other than browsers send no Origin. */
  isAllowedOrigin(request: IncomingMessage): boolean;
  /** Lets pages of listed origins read the response, also a refusal. */
  setHeaders(request: IncomingMessage, response: ServerResponse): void;
  answerPreflight(request: IncomingMessage, response: ServerResponse): void;
};

/** With what Apollo's, urql's and other clients send by default or by option, and tracing headers. */
const requestHeaders = [
  'content-type',
  'authorization',
  'apollographql-client-name',
  'apollographql-client-version',
  'apollo-require-preflight',
  'x-apollo-operation-id',
  'x-apollo-operation-name',
  'graphql-client-name',
  'graphql-client-version',
  'x-requested-with',
  'x-request-id',
  'cache-control',
  'last-event-id',
  'traceparent',
  'tracestate',
  'baggage',
  'sentry-trace',
].join(', ');

const maxAgeSeconds = 7_200;

/**
 * Pages of other origins may call only where listed (`*`: all), and only with credentials of their own: there are no
 * cookies. `publicOrigin` is ours, even if a proxy passes on neither Host nor X-Forwarded-Host.
 */
export function createCors({ corsOrigins, publicOrigin }: Pick<HttpAccess, 'corsOrigins' | 'publicOrigin'>): Cors {
  const origins = publicOrigin === null ? corsOrigins : [...corsOrigins, publicOrigin];
  const forAll = origins.includes('*');
  const isListed = ({ headers: { origin } }: IncomingMessage): boolean =>
    origin !== undefined && (forAll || origins.includes(origin));

  function setHeaders(request: IncomingMessage, response: ServerResponse): void {
    if (origins.length === 0) return;
    if (!forAll) response.appendHeader('Vary', 'Origin');
    if (!isListed(request)) return;
    response.setHeader('Access-Control-Allow-Origin', forAll ? '*' : (request.headers.origin ?? ''));
    response.setHeader('Access-Control-Expose-Headers', 'Retry-After, WWW-Authenticate');
  }

  return {
    isAllowedOrigin: (request) => isListed(request) || isSameOrigin(request),
    setHeaders,
    answerPreflight(request, response) {
      if (!isListed(request)) throw forbiddenOrigin('Pages of this origin may not call (see CORS_ORIGINS).');
      response.writeHead(204, {
        'Access-Control-Allow-Methods': 'POST',
        'Access-Control-Allow-Headers': requestHeaders,
        'Access-Control-Max-Age': maxAgeSeconds,
      });
      response.end();
    },
  };
}

export function forbiddenOrigin(message: string): RefusedRequest {
  return new RefusedRequest(403, message, {
    code: 'FORBIDDEN',
    remedy:
      'A page was refused because of its Origin. If it is a page of yours, name its origin in CORS_ORIGINS; if it is the ' +
      "gateway's own, set PUBLIC_URL to where browsers reach it, or have the proxy in front hand on Host with its port.",
  });
}

export function isPreflight({ method, headers }: IncomingMessage): boolean {
  return method === 'OPTIONS' && headers['access-control-request-method'] !== undefined;
}

/** A proxy in front passes the host on as Host or X-Forwarded-Host, which no page can forge. */
function isSameOrigin({ headers }: IncomingMessage): boolean {
  if (headers.origin === undefined) return true;
  const host = URL.parse(headers.origin)?.host;
  return host !== undefined && [headers.host, headers['x-forwarded-host']].includes(host);
}
