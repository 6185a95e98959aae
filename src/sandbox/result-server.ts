import { createReadStream } from 'node:fs';
import { readdir, rm, stat } from 'node:fs/promises';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { createHash, randomUUID } from 'node:crypto';
import type { Clock } from '../clock.ts';
import { parseByteRange } from './byte-range.ts';
import type { Renderer } from './rendering/renderer.ts';
import { resultFilesOf, type ResultFile } from './results.ts';
import type { TaskBook } from './task-book.ts';
import type { SandboxTask } from './task.ts';

export type ResultServer = {
  /** Answers GET and HEAD for /results/…, as a bucket of object storage would. */
  serve(request: IncomingMessage, response: ServerResponse, path: string): Promise<void>;
  /** Deletes the rendered files of results that are no longer served. */
  sweep(): Promise<void>;
};

export type ResultServerDependencies = { book: TaskBook; renderer: Renderer; directory: string; clock: Clock };

type Found = { task: SandboxTask; file: ResultFile };

export function createResultServer({ book, renderer, directory, clock }: ResultServerDependencies): ResultServer {
  /** Only what a finished task made and only while it lives; names are compared, never joined from the request's path. */
  function find(path: string): Found | undefined {
    const [, fileKey, name] = /^\/results\/([^/]+)\/([^/]+)$/.exec(path) ?? [];
    const task = book.findByFileKey(fileKey ?? '');
    if (!task || !isServed(task)) return undefined;
    const file = resultFilesOf(task).find((candidate) => candidate.name === name);
    return file && { task, file };
  }

  function isServed(task: SandboxTask): boolean {
    const now = clock.now();
    return task.status(now) === 'DONE' && now < task.expiresAt && task.request.StoreCosParam === undefined;
  }

  return {
    async serve(request, response, path) {
      const found = find(path);
      if (!found) return answerXmlError(response, 404, 'NoSuchKey', 'The specified key does not exist.');
      const filePath = join(directory, found.task.fileKey, found.file.name);
      await renderer.ensure(filePath, found.file.job);
      await sendFile(request, response, filePath, found);
    },
    async sweep() {
      for (const fileKey of await readdir(directory).catch(() => [])) {
        const task = book.findByFileKey(fileKey);
        if (!task || !isServed(task)) await rm(join(directory, fileKey), { recursive: true, force: true });
      }
    },
  };
}

async function sendFile(
  request: IncomingMessage,
  response: ServerResponse,
  filePath: string,
  { task, file }: Found,
): Promise<void> {
  const { size } = await stat(filePath);
  const etag = `"${createHash('md5').update(`${task.fileKey}/${file.name} ${size}`).digest('hex')}"`;
  response.setHeader('Accept-Ranges', 'bytes');
  response.setHeader('ETag', etag);
  response.setHeader('Last-Modified', new Date(task.endsAt).toUTCString());
  response.setHeader('Content-Type', file.contentType);
  if (request.headers['if-none-match'] === etag) {
    response.writeHead(304).end();
    return;
  }
  const ifRange = request.headers['if-range'];
  const range = ifRange === undefined || ifRange === etag ? parseByteRange(request.headers.range, size) : null;
  if (range === 'unsatisfiable') {
    response.setHeader('Content-Range', `bytes */${size}`);
    return answerXmlError(response, 416, 'InvalidRange', 'The requested range cannot be satisfied.');
  }
  const { start, end } = range ?? { start: 0, end: size - 1 };
  if (range) response.setHeader('Content-Range', `bytes ${start}-${end}/${size}`);
  response.writeHead(range ? 206 : 200, { 'Content-Length': end - start + 1 });
  if (request.method === 'HEAD') response.end();
  else await pipeline(createReadStream(filePath, { start, end }), response);
}

/** An error as object storage words it. */
export function answerXmlError(response: ServerResponse, status: number, code: string, message: string): void {
  response.writeHead(status, { 'Content-Type': 'application/xml' });
  response.end(
    `<?xml version="1.0" encoding="UTF-8"?>\n` +
      `<Error><Code>${code}</Code><Message>${message}</Message><RequestId>${randomUUID()}</RequestId></Error>\n`,
  );
}
