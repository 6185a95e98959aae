import type { IncomingMessage, ServerResponse } from 'node:http';
import { basename, dirname } from 'node:path';
import send from 'send';
import type { Clock } from '../clock.ts';
import type { FindServedFile, ServedFile } from '../domain/served-file.ts';
import { isSystemError } from '../domain/system-error.ts';
import type { Logger } from '../logger.ts';
import { RefusedRequest } from './refused-request.ts';

const fileRoute = /^\/files\/(?<fileId>[\w-]{1,60})\/[^/]{1,200}$/;

export function isFilePath(path: string): boolean {
  return path.startsWith('/files/');
}

type Dependencies = { findServed: FindServedFile; clock: Clock; logger: Logger };

/** Serves what a signed URL leads to: the URL is the permission, in whatever page it stands. */
export function createFileRoute({ findServed, clock, logger }: Dependencies) {
  return async (request: IncomingMessage, response: ServerResponse, path: string): Promise<void> => {
    const query = new URL(request.url ?? '', 'http://gateway').searchParams;
    const { fileId = '' } = fileRoute.exec(path)?.groups ?? {};
    const proof = { expires: query.get('expires'), signature: query.get('signature') };
    const file = fileId === '' ? null : await findServed(fileId, proof);
    if (file === null) throw new RefusedRequest(404, 'No such file, or its URL has expired: ask for the task again.');
    setHeaders(response, file, clock.now());
    if (query.get('download') === '1') response.setHeader('Content-Disposition', file.attachment);
    await sendFile(request, response, file).catch((error: unknown) => {
      if (!isSystemError(error, 'ENOENT', 'ENOTDIR')) throw error;
      logger.warn({ fileId, path: file.path }, 'An archived file is not where it should be.');
      throw new RefusedRequest(404, 'The file is gone from the archive.');
    });
  };
}

/** A file is nobody's page: opened as one it may show itself, and run nothing, as if from an origin of its own. */
const pagePolicy = "default-src 'none'; img-src 'self'; media-src 'self'; style-src 'unsafe-inline'; sandbox";

function setHeaders(response: ServerResponse, { contentType, checksum, expiresAt }: ServedFile, now: number): void {
  const maxAge = Math.max(0, Math.floor((expiresAt.getTime() - now) / 1_000));
  response.setHeaders(
    new Map([
      ['Content-Type', contentType],
      ['ETag', `"${checksum}"`],
      ['Cache-Control', `private, max-age=${maxAge}`],
      ['Content-Security-Policy', pagePolicy],
      // Pages of all origins may show it and read it: nothing but the URL lets them.
      ['Cross-Origin-Resource-Policy', 'cross-origin'],
      ['Access-Control-Allow-Origin', '*'],
      ['Access-Control-Expose-Headers', 'Accept-Ranges, Content-Disposition, Content-Length, Content-Range, ETag'],
    ]),
  );
}

/** Resolves when it was sent or its reader has gone. Rejects when it isn't there, or a range was asked for that isn't. */
async function sendFile(request: IncomingMessage, response: ServerResponse, { path }: ServedFile): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  response.once('close', resolve);
  const acceptRanges = !hasWeakCondition(request);
  send(request, basename(path), {
    root: dirname(path),
    dotfiles: 'allow',
    index: false,
    cacheControl: false,
    acceptRanges,
  })
    .on('error', (error: unknown) => reject(asRefusal(error, response)))
    .on('directory', () => reject(new RefusedRequest(404, 'No such file.')))
    .pipe(response);
  await promise;
}

/** A weak tag never matches (RFC 9110, 13.1.5), so that the whole file is sent; the library would take it for a strong one. */
function hasWeakCondition({ headers }: IncomingMessage): boolean {
  return String(headers['if-range'] ?? '').startsWith('W/');
}

/** What was said of the file doesn't hold of a refusal. */
function asRefusal(error: unknown, response: ServerResponse): unknown {
  const status = error instanceof Error && 'status' in error ? Number(error.status) : 500;
  if (response.headersSent) return error;
  for (const name of ['ETag', 'Cache-Control', 'Content-Disposition', 'Last-Modified', 'Accept-Ranges']) {
    response.removeHeader(name);
  }
  if (status === 412) return new RefusedRequest(412, 'The file is not as the request wants it.');
  if (status !== 416) return error;
  const range = String(response.getHeader('Content-Range') ?? '');
  return new RefusedRequest(416, 'The file has no such range.', { headers: { 'Content-Range': range } });
}
