import type { IncomingMessage } from 'node:http';

export function asksForWebSocket({ headers }: IncomingMessage): boolean {
  return headers.upgrade?.toLowerCase() === 'websocket';
}

/**
 * Browsers let any page open a WebSocket anywhere, with no preflight that could refuse it: the origin is ours to check.
 * A proxy in front passes the host on as Host or X-Forwarded-Host, which no page can forge. Clients that are no
 * browsers send no origin.
 */
export function isSameOrigin({ headers }: IncomingMessage): boolean {
  if (headers.origin === undefined) return true;
  const host = URL.parse(headers.origin)?.host;
  return host !== undefined && [headers.host, headers['x-forwarded-host']].includes(host);
}
