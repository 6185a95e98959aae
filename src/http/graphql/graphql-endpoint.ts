import type { IncomingMessage, ServerResponse } from 'node:http';
import { sendNodeResponse } from '@whatwg-node/server';
import { checkAcceptable } from '../request/acceptable.ts';
import type { Admission } from '../request/admission.ts';
import { credentialsOf } from '../authentication/authentication.ts';
import { parseGraphQLParameters } from './graphql-parameters.ts';
import type { Pipeline } from './pipeline.ts';
import { RefusedRequest } from '../request/refused-request.ts';
import { readJsonBody } from '../request/request-body.ts';

/**
 * GraphQL over HTTP: one operation per POST of application/json; a subscription is answered as server-sent events.
 * Nobody's body is read before it is known who sends it.
 */
export async function answerGraphQL(
  { pipeline, admission }: { pipeline: Pipeline; admission: Admission },
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  // Nothing is executed for a GET, which other sites can make a browser send.
  if (request.method !== 'POST') {
    throw new RefusedRequest(405, 'Send operations by POST.', { headers: { Allow: 'POST' } });
  }
  const identity = await admission.admit(credentialsOf(request));
  checkAcceptable(request);
  const parameters = parseGraphQLParameters(await readJsonBody(request));
  response.setHeader('Cache-Control', 'no-store');
  // Yoga takes a body that was read already from here, as it does from other servers' body parsers. Its own request
  // listener would tell the caller the stack trace of whatever goes wrong on the way.
  const parsed = Object.assign(request, { body: parameters });
  const context = { req: request, res: response, identity };
  const answered = await pipeline.handleNodeRequestAndResponse(parsed, response, context);
  await sendNodeResponse(answered, response, request, true);
}
