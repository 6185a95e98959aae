import { readdir, rm } from 'node:fs/promises';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { join } from 'node:path';
import { createHash, randomUUID } from 'node:crypto';
import type { Clock } from '../kit/clock.ts';
import { sendFile, statusOfSendError } from '../kit/send-file.ts';
import type { Renderer } from './rendering/renderer.ts';
import { resultFilesOf, type ResultFile } from './results.ts';
import type { TaskBook } from './task-book.ts';
import type { SandboxTask } from './task.ts';

export type ResultServer = {
  /** Answers GET and HEAD for /results/… like object storage. */
  serve(request: IncomingMessage, response: ServerResponse, path: string): Promise<void>;
  /** Deletes the files of results that are no longer served. */
  sweep(): Promise<void>;
};

export type ResultServerDependencies = { book: TaskBook; renderer: Renderer; directory: string; clock: Clock };

type Found = { task: SandboxTask; file: ResultFile };

export function createResultServer({ book, renderer, directory, clock }: ResultServerDependencies): ResultServer {
  /** Only files of finished tasks that have not expired; names are compared, never joined from the request's path. */
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
      await sendResult(request, response, filePath, found);
    },
    async sweep() {
      for (const fileKey of await readdir(directory).catch(() => [])) {
        const task = book.findByFileKey(fileKey);
        if (!task || !isServed(task)) await rm(join(directory, fileKey), { recursive: true, force: true });
      }
    },
  };
}

async function sendResult(
  request: IncomingMessage,
  response: ServerResponse,
  filePath: string,
  { task, file }: Found,
): Promise<void> {
  const tag = `"${createHash('md5').update(`${task.fileKey}/${file.name}`).digest('hex')}"`;
  response.setHeader('ETag', tag);
  response.setHeader('Last-Modified', new Date(task.endsAt).toUTCString());
  response.setHeader('Content-Type', file.contentType);
  // Also to a client that sends Cache-Control: no-cache beside it, as fetch() does.
  if (request.headers['if-none-match'] === tag) return void response.writeHead(304).end();
  await sendFile(request, response, filePath).catch((error: unknown) => {
    if (statusOfSendError(error) !== 416 || response.headersSent) throw error;
    answerXmlError(response, 416, 'InvalidRange', 'The requested range cannot be satisfied.');
  });
}

/** An error in the form of object storage. */
export function answerXmlError(response: ServerResponse, status: number, code: string, message: string): void {
  response.writeHead(status, { 'Content-Type': 'application/xml' });
  response.end(
    `<?xml version="1.0" encoding="UTF-8"?>\n` +
      `<Error><Code>${code}</Code><Message>${message}</Message><RequestId>${randomUUID()}</RequestId></Error>\n`,
  );
}
