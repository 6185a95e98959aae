import { once } from 'node:events';
import type { IncomingMessage, OutgoingHttpHeaders, ServerResponse } from 'node:http';
import type { Clock } from '../clock.ts';

/** A request that is answered with an HTTP status of its own before GraphQL has seen it. */
export class RefusedRequest extends Error {
  override readonly name = 'RefusedRequest';
  readonly status: number;
  readonly code: string;
  readonly headers: OutgoingHttpHeaders;

  constructor(status: number, message: string, options: { code?: string; headers?: OutgoingHttpHeaders } = {}) {
    super(message);
    this.status = status;
    this.code = options.code ?? 'BAD_USER_INPUT';
    this.headers = options.headers ?? {};
  }
}

/** How long a client that is still sending gets to notice that it was refused. */
const lingeringMs = 1_000;

/** Answers in the shape of GraphQL over HTTP. */
export async function answerRefusal(
  request: IncomingMessage,
  response: ServerResponse,
  { status, message, code, headers }: RefusedRequest,
  clock: Clock,
): Promise<void> {
  const takesGraphQL = request.headers.accept?.includes('application/graphql-response+json');
  const body = JSON.stringify({ errors: [{ message, extensions: { code } }] });
  response.writeHead(status, {
    ...headers,
    'Cache-Control': 'no-store',
    'Content-Type': `application/${takesGraphQL ? 'graphql-response+json' : 'json'}; charset=utf-8`,
    'Content-Length': Buffer.byteLength(body),
  });
  response.write(body);
  if (headers['Connection'] === 'close' && !request.complete) await discardRest(request, clock);
  response.end();
}

/** Closed while data is still coming in, a connection is reset, and the client may lose the answer that it was sent. */
async function discardRest(request: IncomingMessage, clock: Clock): Promise<void> {
  const finished = new AbortController();
  const { signal } = finished;
  request.resume();
  await Promise.race([once(request, 'close', { signal }), clock.sleep(lingeringMs, signal)]).catch(() => {});
  finished.abort();
}
