import { randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { finished } from 'node:stream/promises';
import type { Logger } from '../kit/logger.ts';
import { createRunningWork } from '../kit/running-work.ts';
import type { Api } from './api.ts';
import { ApiError } from './api-error.ts';

/** The vendor's limit for a TC3 signature. */
const maxBodyBytes = 10 * 1024 * 1024;

export type ApiServer = {
  /** Answers POST /: HTTP 200 with `{ Response }`, refusals included. */
  serve(request: IncomingMessage, response: ServerResponse): Promise<void>;
  /** Resolves once every call that arrived in full is answered. */
  settle(): Promise<void>;
};

export function createApiServer(api: Api, logger: Logger): ApiServer {
  const answering = createRunningWork();

  return {
    async serve(request, response) {
      const body = await readBody(request);
      await answering.track(answer(request, body, response));
    },
    settle: answering.ended,
  };

  async function answer(request: IncomingMessage, body: Buffer | null, response: ServerResponse): Promise<void> {
    const requestId = randomUUID();
    const fields = await fieldsFor(request, body, requestId);
    const json = JSON.stringify({ Response: { ...fields, RequestId: requestId } });
    response.writeHead(200, { 'Content-Type': 'application/json', 'Content-Length': Buffer.byteLength(json) });
    response.end(json);
    await finished(response);
  }

  async function fieldsFor(
    request: IncomingMessage,
    body: Buffer | null,
    requestId: string,
  ): Promise<Record<string, unknown>> {
    const action = request.headers['x-tc-action'];
    try {
      if (!body) throw new ApiError('RequestSizeLimitExceeded', 'The request is larger than 10 MB.');
      const fields = await api({ headers: request.headers, body });
      logger.debug({ action, requestId }, 'The sandbox answered.');
      return fields;
    } catch (error) {
      if (error instanceof ApiError) {
        logger.debug({ action, requestId, code: error.code }, 'The sandbox refused a call.');
        return { Error: { Code: error.code, Message: error.message } };
      }
      logger.error({ action, requestId, err: error }, 'The sandbox failed to answer.');
      return { Error: { Code: 'InternalError', Message: 'An internal error has occurred.' } };
    }
  }
}

/** null if it is too large. It is read to its end all the same, so that the client gets the answer. */
async function readBody(request: IncomingMessage): Promise<Buffer | null> {
  let chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request) {
    size += chunk.length;
    if (size <= maxBodyBytes) chunks.push(chunk);
    else chunks = [];
  }
  return size <= maxBodyBytes ? Buffer.concat(chunks) : null;
}
