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
 * GraphQL over HTTP: one operation per POST of application/json; a subscription is answered as server-sent events. The
 * body is read only after its sender was authenticated.
 */
export async function answerGraphQL(
  { pipeline, admission }: { pipeline: Pipeline; admission: Admission },
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  // Other sites can make a browser send a GET: nothing is executed for one.
  if (request.method !== 'POST') {
    throw new RefusedRequest(405, 'Send operations by POST.', { headers: { Allow: 'POST' } });
  }
  const identity = await admission.admit(credentialsOf(request));
  checkAcceptable(request);
  const parameters = parseGraphQLParameters(await readJsonBody(request));
  response.setHeader('Cache-Control', 'no-store');
  // Yoga takes the parsed body from here, as from other servers' body parsers. Its own request listener would answer
  // unexpected errors with their stack traces.
  const parsed = Object.assign(request, { body: parameters });
  const context = { req: request, res: response, identity };
  const answered = await pipeline.handleNodeRequestAndResponse(parsed, response, context);
  await sendNodeResponse(answered, response, request, true);
}
