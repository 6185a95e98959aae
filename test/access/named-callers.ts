import { createClient } from 'graphql-ws';
import { WebSocket } from 'ws';
import { bearerOf, unauthenticated, type Authentication } from '../../src/http/authentication/authentication.ts';
import { socketUrl } from '../support/gateway.ts';

/** A caller has the name that it gives: `Authorization: Bearer ada` is ada. */
export const namedCallers: Authentication = {
  async authenticate(credentials) {
    const owner = bearerOf(credentials);
    if (owner === null) throw unauthenticated();
    return { caller: { owner }, credential: `token:${owner}`, expiresAt: null };
  },
  findEnded: () => Promise.resolve([]),
};

/** One caller's frontend, which hands over what it is answered as the text that came. */
export type NamedCaller = AsyncDisposable & {
  ask(query: string, variables?: object): Promise<string>;
  /** What a subscription tells until it ends, is refused, or enough of it was heard. */
  follow(query: string, variables: Record<string, unknown>, isEnough: (heard: string) => boolean): Promise<string>;
};

export function callAs(owner: string, url: string): NamedCaller {
  const authorization = `Bearer ${owner}`;
  const client = createClient({
    url: socketUrl(url),
    webSocketImpl: WebSocket,
    connectionParams: { authorization },
    retryAttempts: 0,
  });
  return {
    async ask(query, variables = {}) {
      const headers = {
        authorization,
        'content-type': 'application/json',
        accept: 'application/graphql-response+json',
      };
      const response = await fetch(`${url}/graphql`, {
        method: 'POST',
        headers,
        body: JSON.stringify({ query, variables }),
      });
      return `${response.status} ${await response.text()}`;
    },

    async follow(query, variables, isEnough) {
      let heard = '';
      try {
        for await (const result of client.iterate({ query, variables })) {
          heard += `${JSON.stringify(result)}\n`;
          if (isEnough(heard)) break;
        }
      } catch (refusal) {
        heard += JSON.stringify(refusal);
      }
      return heard;
    },

    [Symbol.asyncDispose]: async () => await client.dispose(),
  };
}
