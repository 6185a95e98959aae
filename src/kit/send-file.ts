import type { IncomingMessage, ServerResponse } from 'node:http';
import { basename, dirname } from 'node:path';
import send from 'send';

/**
 * Sends a file or the requested part of it; conditions are checked against the response's `ETag`. Resolves when it was sent
 * or the reader has gone. Rejects with an error whose `status` is 404, 412 (failed condition) or 416 (no such range).
 */
export async function sendFile(request: IncomingMessage, response: ServerResponse, path: string): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  response.once('close', resolve);
  send(request, basename(path), {
    root: dirname(path),
    dotfiles: 'allow',
    index: false,
    cacheControl: false,
    acceptRanges: !isRangeIgnored(request),
  })
    .on('error', reject)
    .on('directory', () => reject(Object.assign(new Error(`${path} is a directory.`), { status: 404 })))
    .pipe(response);
  await promise;
}

/** The HTTP status for an error of `sendFile`; 500 for any other. */
export function statusOfSendError(error: unknown): number {
  return error instanceof Error && 'status' in error ? Number(error.status) : 500;
}

// The library refuses a malformed range, for which the whole file must be sent (RFC 9110, 14.2), and takes a weak tag for a
// strong one, although as a range's condition it never matches (13.1.5).
function isRangeIgnored({ headers }: IncomingMessage): boolean {
  const [, first, last] = /^bytes=(\d*)-(\d*)$/.exec(headers.range?.trim() ?? '') ?? [];
  const isEmpty = first === '' && last === '';
  const isBackwards = Boolean(first && last) && Number(last) < Number(first);
  return isEmpty || isBackwards || String(headers['if-range'] ?? '').startsWith('W/');
}
