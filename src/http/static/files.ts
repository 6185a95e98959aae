import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Clock } from '../../kit/clock.ts';
import type { FindServedFile, ServedFile } from '../../domain/task/served-file.ts';
import { sendFile, statusOfSendError } from '../../kit/send-file.ts';
import type { Logger } from '../../kit/logger.ts';
import { RefusedRequest } from '../request/refused-request.ts';

const fileRoute = /^\/files\/(?<fileId>[\w-]{1,60})\/[^/]{1,200}$/;

export function isFilePath(path: string): boolean {
  return path.startsWith('/files/');
}

type Dependencies = { findServed: FindServedFile; clock: Clock; logger: Logger };

/** Serves archived files by their signed URLs: the URL is the permission, on any page. */
export function createFileRoute({ findServed, clock, logger }: Dependencies) {
  return async (request: IncomingMessage, response: ServerResponse, path: string): Promise<void> => {
    const query = new URL(request.url ?? '', 'http://gateway').searchParams;
    const { fileId = '' } = fileRoute.exec(path)?.groups ?? {};
    const proof = { expires: query.get('expires'), signature: query.get('signature') };
    const file = fileId === '' ? null : await findServed(fileId, proof);
    if (file === null) throw new RefusedRequest(404, 'No such file, or its URL has expired: ask for the task again.');
    setHeaders(response, file, clock.now());
    if (query.get('download') === '1') response.setHeader('Content-Disposition', file.attachment);
    await sendFile(request, response, file.path).catch((error: unknown) => {
      const refusal = refusalOf(error, response);
      if (statusOfSendError(error) !== 404) throw refusal;
      logger.warn({ fileId, path: file.path }, 'An archived file is not where it should be.');
      throw new RefusedRequest(404, 'The file is gone from the archive.');
    });
  };
}

/** A browser that opens a file directly may show it, but runs nothing, in an origin of its own. */
const pagePolicy = "default-src 'none'; img-src 'self'; media-src 'self'; style-src 'unsafe-inline'; sandbox";

function setHeaders(response: ServerResponse, { contentType, checksum, expiresAt }: ServedFile, now: number): void {
  const maxAge = Math.max(0, Math.floor((expiresAt.getTime() - now) / 1_000));
  response.setHeaders(
    new Map([
      ['Content-Type', contentType],
      ['ETag', `"${checksum}"`],
      ['Cache-Control', `private, max-age=${maxAge}`],
      ['Content-Security-Policy', pagePolicy],
      // Pages of all origins may show and read it: the URL is the only permission.
      ['Cross-Origin-Resource-Policy', 'cross-origin'],
      ['Access-Control-Allow-Origin', '*'],
      ['Access-Control-Expose-Headers', 'Accept-Ranges, Content-Disposition, Content-Length, Content-Range, ETag'],
    ]),
  );
}

function refusalOf(error: unknown, response: ServerResponse): unknown {
  const status = statusOfSendError(error);
  if (response.headersSent) return error;
  for (const name of ['ETag', 'Cache-Control', 'Content-Disposition', 'Last-Modified', 'Accept-Ranges']) {
    response.removeHeader(name);
  }
  if (status === 412) return new RefusedRequest(412, 'The file is not as the request wants it.');
  if (status !== 416) return error;
  const range = String(response.getHeader('Content-Range') ?? '');
  return new RefusedRequest(416, 'The file has no such range.', { headers: { 'Content-Range': range } });
}
