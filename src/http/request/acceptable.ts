import type { IncomingMessage } from 'node:http';
import Negotiator from 'negotiator';
import { RefusedRequest } from './refused-request.ts';

/** What answers can be written as. */
const mediaTypes = [
  'application/json',
  'application/graphql-response+json',
  'text/event-stream',
  'multipart/mixed',
] as const;

/**
 * Refuses by a RefusedRequest 406 what takes no answer that there is (RFC 9110, 12.5.1). To be called before anything is
 * executed: Yoga looks only when the answer is there, and then the client never hears of what it has paid for.
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

/** Whether an answer may be compressed like this (RFC 9110, 12.5.3). A client that says nothing of it gets it as it is. */
export function acceptsEncoding(request: IncomingMessage, encoding: string): boolean {
  return new Negotiator(request).encodings([encoding]).includes(encoding);
}
