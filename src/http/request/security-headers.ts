import type { ServerResponse } from 'node:http';

/** For all that is no page: a browser that opens it anyway runs, loads and frames nothing. */
const nothing = "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

const securityHeaders = new Map([
  ['Content-Security-Policy', nothing],
  ['Cross-Origin-Opener-Policy', 'same-origin'],
  ['Cross-Origin-Resource-Policy', 'same-origin'],
  ['Referrer-Policy', 'no-referrer'],
  ['X-Content-Type-Options', 'nosniff'],
  ['X-Frame-Options', 'DENY'],
]);

export function setSecurityHeaders(response: ServerResponse): void {
  response.setHeaders(securityHeaders);
}
