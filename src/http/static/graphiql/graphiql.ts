import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Admission } from '../../request/admission.ts';
import { credentialsOf } from '../../authentication/authentication.ts';
import { RefusedRequest } from '../../request/refused-request.ts';
import { createGraphiqlAssets, type GraphiqlAssets } from './assets.ts';
import { answerGraphiqlPage, answerSignInPage } from './page.ts';

export type Graphiql = Pick<GraphiqlAssets, 'answerAsset'> & {
  /** GraphiQL for authenticated callers, else a page to sign in. Throws RefusedRequests, 429 or 503. */
  answerPage(request: IncomingMessage, response: ServerResponse): Promise<void>;
};

export function createGraphiql(admission: Admission): Graphiql {
  const { baseUrl, answerAsset } = createGraphiqlAssets();
  return {
    answerAsset,
    async answerPage(request, response) {
      if (await isKnown(request)) answerGraphiqlPage(response, baseUrl);
      else answerSignInPage(response, baseUrl);
    },
  };

  async function isKnown(request: IncomingMessage): Promise<boolean> {
    try {
      await admission.admit(credentialsOf(request));
      return true;
    } catch (error) {
      if (error instanceof RefusedRequest && error.status === 401) return false;
      throw error;
    }
  }
}
