import type { IncomingMessage, ServerResponse } from 'node:http';
import { parseGraphQLParameters } from './graphql-parameters.ts';
import type { Pipeline } from './pipeline.ts';
import { RefusedRequest } from './refused-request.ts';
import { readJsonBody } from './request-body.ts';

/** GraphQL over HTTP: one operation per POST of application/json; a subscription is answered as server-sent events. */
export async function answerGraphQL(
  pipeline: Pipeline,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  // Nothing is executed for a GET, which other sites can make a browser send.
  if (request.method !== 'POST') {
    throw new RefusedRequest(405, 'Send operations by POST.', { headers: { Allow: 'POST' } });
  }
  const parameters = parseGraphQLParameters(await readJsonBody(request));
  response.setHeader('Cache-Control', 'no-store');
  // Yoga takes a body that was read already from here, as it does from other servers' body parsers.
  pipeline.requestListener(Object.assign(request, { body: parameters }), response);
}
