import type { IncomingMessage, ServerResponse } from 'node:http';
import { chooseMediaType } from '../request/acceptable.ts';
import type { Admission } from '../request/admission.ts';
import { credentialsOf } from '../authentication/authentication.ts';
import { answerAsYoga, answerResult } from './answer-result.ts';
import { parseGraphQLParameters } from './graphql-parameters.ts';
import type { Pipeline } from './pipeline.ts';
import { RefusedRequest } from '../request/refused-request.ts';
import { readJsonBody } from '../request/request-body.ts';

/**
 * GraphQL over HTTP: one operation per POST of application/json; a subscription is answered as server-sent events. The
 * body is read only after its sender was authenticated.
 */
export async function answerGraphQL(
  { pipeline, admission, compression }: { pipeline: Pipeline; admission: Admission; compression: boolean },
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  // Other sites can make a browser send a GET: nothing is executed for one.
  if (request.method !== 'POST') {
    throw new RefusedRequest(405, 'Send operations by POST.', { headers: { Allow: 'POST' } });
  }
  const identity = await admission.admit(credentialsOf(request));
  const mediaType = chooseMediaType(request);
  const parameters = parseGraphQLParameters(await readJsonBody(request));
  const answered = { request, response, compression };
  const { knownQueries, fetchAPI } = pipeline;
  const result = mediaType && (await knownQueries?.execute(parameters, { identity, response }));
  if (mediaType && result) return await answerResult(answered, result, { fetchAPI, mediaType });
  // Yoga takes the parsed body from here, as from other servers' body parsers. Its own request listener would answer
  // unexpected errors with their stack traces.
  const parsed = Object.assign(request, { body: parameters });
  const context = { req: request, res: response, identity };
  await answerAsYoga(answered, await pipeline.handleNodeRequestAndResponse(parsed, response, context));
}
