import type { IncomingMessage } from 'node:http';
import Negotiator from 'negotiator';
import { RefusedRequest } from './refused-request.ts';

const mediaTypes = [
  'application/json',
  'application/graphql-response+json',
  'text/event-stream',
  'multipart/mixed',
] as const;

/**
 * Throws a RefusedRequest 406 for a client that accepts no response we can write (RFC 9110, 12.5.1). Called before
 * execution: Yoga checks only afterwards, and then the client never learns of what it has paid for.
 */
export function checkAcceptable(request: IncomingMessage): void {
  if (mediaTypes.some((mediaType) => accepts(request, mediaType))) return;
  throw new RefusedRequest(
    406,
    'Nothing was executed: accept application/json, application/graphql-response+json, or text/event-stream.',
  );
}

export function accepts({ headers: { accept } }: IncomingMessage, mediaType: string): boolean {
  const negotiator = new Negotiator({ headers: { accept: accept?.trim() || '*/*' } });
  return negotiator.mediaType([mediaType, `${mediaType}; charset=utf-8`]) !== undefined;
}

/** RFC 9110, 12.5.3. False for a client without Accept-Encoding. */
export function acceptsEncoding(request: IncomingMessage, encoding: string): boolean {
  return new Negotiator(request).encodings([encoding]).includes(encoding);
}
