import type { IncomingMessage } from 'node:http';
import { LRUCache } from 'lru-cache';
import Negotiator from 'negotiator';
import { RefusedRequest } from './refused-request.ts';

const mediaTypes = [
  'application/json',
  'application/graphql-response+json',
  'text/event-stream',
  'multipart/mixed',
] as const;

export type JsonMediaType = 'application/json' | 'application/graphql-response+json';

type Choice = { isAcceptable: boolean; json: JsonMediaType | null };

/** Clients send few different texts, and parsing one takes as long as a small query. */
const choices = new LRUCache<string, Choice>({
  max: 100,
  memoMethod: (accept) => ({
    isAcceptable: mediaTypes.some((mediaType) => matches(accept, mediaType)),
    json: preferredJson(accept),
  }),
});

/**
 * What an operation that is no subscription is answered as, or null for a client that takes streams only. Throws a
 * RefusedRequest 406 for one that accepts no response we can write (RFC 9110, 12.5.1). Called before execution: Yoga checks
 * only afterwards, and then the client never learns of what it has paid for.
 */
export function chooseMediaType({ headers: { accept } }: IncomingMessage): JsonMediaType | null {
  const { isAcceptable, json } = choices.memo(accept?.trim() || '*/*');
  if (isAcceptable) return json;
  throw new RefusedRequest(
    406,
    'Nothing was executed: accept application/json, application/graphql-response+json, or text/event-stream.',
  );
}

/** As Yoga chooses: by the order in the header, whatever its weights. */
function preferredJson(accept: string): JsonMediaType | null {
  const types = accept
    .replaceAll(/\s/g, '')
    .toLowerCase()
    .split(',')
    .filter((type) => !/;charset=(?!utf-8(?:;|$))/.test(type))
    .map((type) => type.replace(/;.*/, ''));
  const first = types.find((type) => /^(\*\/\*|application\/(\*|json|graphql-response\+json))$/.test(type));
  if (first === undefined) return null;
  return first === 'application/graphql-response+json' ? first : 'application/json';
}

export function accepts({ headers: { accept } }: IncomingMessage, mediaType: string): boolean {
  return matches(accept?.trim() || '*/*', mediaType);
}

function matches(accept: string, mediaType: string): boolean {
  const negotiator = new Negotiator({ headers: { accept } });
  return negotiator.mediaType([mediaType, `${mediaType}; charset=utf-8`]) !== undefined;
}

const encodings = new LRUCache<string, boolean>({ max: 100 });

/** RFC 9110, 12.5.3. False for a client without Accept-Encoding. */
export function acceptsEncoding(request: IncomingMessage, encoding: string): boolean {
  const key = `${encoding} ${String(request.headers['accept-encoding'])}`;
  const known = encodings.get(key);
  if (known !== undefined) return known;
  const isAccepted = new Negotiator(request).encodings([encoding]).includes(encoding);
  encodings.set(key, isAccepted);
  return isAccepted;
}
