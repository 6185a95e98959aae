import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { Logger } from '../kit/logger.ts';
import type { ApiServer } from './api-server.ts';
import { hello } from './hello.ts';
import { answerXmlError } from './result-server.ts';

export type Handlers = {
  api: ApiServer;
  results(request: IncomingMessage, response: ServerResponse, path: string): Promise<void>;
};

export type HttpServer = {
  server: Server;
  /** Takes no new connections, answers the calls that have arrived, and cuts off clients that are still sending or reading. */
  close(): Promise<void>;
};

const headersTimeoutMs = 10_000;
const requestTimeoutMs = 30_000;

/** Early requests wait for the handlers. */
export function createHttpServer(handlers: Promise<Handlers>, logger: Logger): HttpServer {
  const server = createServer({ headersTimeout: headersTimeoutMs, requestTimeout: requestTimeoutMs });

  server.on('request', (request, response) => {
    route(request, response, handlers).catch((error: unknown) => {
      // A client that hung up is no error.
      if (!response.destroyed) logger.error({ err: error, path: request.url }, 'The sandbox failed to answer.');
      if (response.headersSent) response.destroy();
      else answerXmlError(response, 500, 'InternalError', 'We encountered an internal error. Please try again.');
    });
  });

  return {
    server,
    async close() {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      await (await handlers).api.settle();
      server.closeAllConnections();
      await closed;
    },
  };
}

async function route(request: IncomingMessage, response: ServerResponse, handlers: Promise<Handlers>): Promise<void> {
  const [path = '/'] = (request.url ?? '/').split('?');
  const isRead = request.method === 'GET' || request.method === 'HEAD';
  if (request.method === 'POST' && path === '/') return (await handlers).api.serve(request, response);
  allowAnyOrigin(response);
  if (request.method === 'OPTIONS') {
    response.writeHead(204).end();
  } else if (isRead && path === '/') {
    response.writeHead(200, { 'Content-Type': 'text/plain; charset=utf-8' }).end(hello);
  } else if (isRead) {
    await (await handlers).results(request, response, path);
  } else {
    answerXmlError(response, 405, 'MethodNotAllowed', 'The specified method is not allowed against this resource.');
  }
}

/** Results are for everyone who knows the URL, also for pages. */
function allowAnyOrigin(response: ServerResponse): void {
  response.setHeader('Access-Control-Allow-Origin', '*');
  response.setHeader('Access-Control-Allow-Methods', 'GET, HEAD');
  response.setHeader('Access-Control-Allow-Headers', 'Range, If-Range, If-None-Match');
  response.setHeader(
    'Access-Control-Expose-Headers',
    'Accept-Ranges, Content-Length, Content-Range, ETag, Last-Modified',
  );
}
