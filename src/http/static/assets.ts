import type { IncomingMessage, ServerResponse } from 'node:http';
import { acceptsEncoding } from '../request/acceptable.ts';
import { answer } from '../request/answer.ts';

/** A file whose URL changes with its content. */
export type Asset = {
  contentType: string;
  body: string | Buffer;
  encoded: readonly { encoding: 'br' | 'gzip'; body: Buffer }[];
};

export function answerAsset(
  request: IncomingMessage,
  response: ServerResponse,
  { contentType, body, encoded }: Asset,
): void {
  const headers = { 'Cache-Control': 'public, max-age=31536000, immutable', Vary: 'Accept-Encoding' };
  const chosen = encoded.find(({ encoding }) => acceptsEncoding(request, encoding));
  if (!chosen) return answer(response, 200, { contentType, body, headers });
  answer(response, 200, {
    contentType,
    body: chosen.body,
    headers: { ...headers, 'Content-Encoding': chosen.encoding },
  });
}
