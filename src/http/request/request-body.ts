import type { IncomingMessage } from 'node:http';
import { RefusedRequest } from './refused-request.ts';

/** A hundred times the longest request that makes sense: prompts are at most 2,000 characters. */
export const maxRequestBytes = 1024 * 1024;

const jsonMediaType = /^application\/json\s*(?:;\s*charset="?utf-8"?\s*)?$/i;

/** Refusals repeat none of the body: it may contain prompts and keys. */
export async function readJsonBody(request: IncomingMessage): Promise<unknown> {
  checkHeaders(request);
  const body = await readBody(request);
  if (body === null) throw tooLarge();
  try {
    return JSON.parse(body.toString('utf8'));
  } catch {
    throw new RefusedRequest(400, 'The body is not valid JSON.');
  }
}

/** null as soon as it is too long. By events: an iterator costs more than the rest of a small request. */
function readBody(request: IncomingMessage): Promise<Buffer | null> {
  const { promise, resolve, reject } = Promise.withResolvers<Buffer | null>();
  const pieces: Buffer[] = [];
  let length = 0;

  function take(piece: Buffer): void {
    length += piece.length;
    pieces.push(piece);
    if (length <= maxRequestBytes) return;
    request.off('data', take).pause();
    resolve(null);
  }

  request.on('data', take);
  request.once('end', () => resolve(pieces.length === 1 && pieces[0] ? pieces[0] : Buffer.concat(pieces, length)));
  request.once('error', reject);
  // Its caller left while it was admitted: no event tells of that any more.
  if (request.destroyed) reject(new Error('The request ended before its body was read.'));
  return promise;
}

export function mayBeTooLong({ headers }: IncomingMessage): boolean {
  return headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) > maxRequestBytes;
}

function checkHeaders({ headers }: IncomingMessage): void {
  if (!jsonMediaType.test(headers['content-type']?.trim() ?? '')) {
    throw new RefusedRequest(415, 'Send the request as Content-Type: application/json (UTF-8).', {
      headers: { 'Accept-Post': 'application/json' },
    });
  }
  if ((headers['content-encoding'] ?? 'identity').toLowerCase() !== 'identity') {
    throw new RefusedRequest(415, 'Send the body as it is, without a Content-Encoding.', {
      headers: { 'Accept-Encoding': 'identity' },
    });
  }
  if (headers['content-length'] === undefined && headers['transfer-encoding'] === undefined) {
    throw new RefusedRequest(411, 'Send a body, and its Content-Length.');
  }
  if (Number(headers['content-length'] ?? 0) > maxRequestBytes) throw tooLarge();
}

function tooLarge(): RefusedRequest {
  return new RefusedRequest(413, `The body is longer than ${maxRequestBytes} bytes.`, {
    headers: { Connection: 'close' },
  });
}
