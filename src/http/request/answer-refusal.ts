import { once } from 'node:events';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Clock } from '../../kit/clock.ts';
import type { RefusedRequest } from './refused-request.ts';
import { mayBeTooLong } from './request-body.ts';

const lingeringMs = 1_000;

export async function answerRefusal(
  request: IncomingMessage,
  response: ServerResponse,
  { status, message, headers, extensions }: RefusedRequest,
  clock: Clock,
): Promise<void> {
  const closes = headers['Connection'] === 'close' || leavesLongBody(request);
  const takesGraphQL = request.headers.accept?.includes('application/graphql-response+json');
  const body = JSON.stringify({ errors: [{ message, extensions }] });
  response.writeHead(status, {
    ...headers,
    ...(closes && { Connection: 'close' }),
    'Cache-Control': 'no-store',
    'Content-Type': `application/${takesGraphQL ? 'graphql-response+json' : 'json'}; charset=utf-8`,
    'Content-Length': Buffer.byteLength(body),
  });
  response.write(body);
  if (closes && !request.complete) await discardRest(request, clock);
  response.end();
}

/** Decided by the headers, not by how much of the body has arrived, which depends on timing. */
function leavesLongBody(request: IncomingMessage): boolean {
  return !request.readableDidRead && mayBeTooLong(request);
}

/** Closing while data is still coming in resets the connection, and the client may lose our response. */
async function discardRest(request: IncomingMessage, clock: Clock): Promise<void> {
  const finished = new AbortController();
  const { signal } = finished;
  request.resume();
  await Promise.race([once(request, 'close', { signal }), clock.sleep(lingeringMs, signal)]).catch(() => {});
  finished.abort();
}
