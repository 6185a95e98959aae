import { Client, type CombinedError, fetchExchange, mapExchange, subscriptionExchange } from '@urql/core';
import { newestRevisionExchange } from './newest-revision.ts';
import { fetchWithServerTime } from './server-time.ts';
import { type ConnectionState, createSocket } from './socket.ts';
import { createTaskCache } from './task-cache.ts';

export type Gateway = { client: Client; dispose(): void };

export type GatewayOptions = {
  /** An API key or token; null without authentication. */
  key: string | null;
  onConnection(state: ConnectionState): void;
  /** How far the gateway's clock is ahead of this computer's. */
  onAhead?: (ms: number) => void;
  /** The gateway requires a key, or does not accept this one any more. */
  onUnauthenticated(): void;
};

/** Queries and mutations over HTTP, subscriptions over one WebSocket, and one cache for both. */
export function createGateway({ key, onConnection, onAhead = () => {}, onUnauthenticated }: GatewayOptions): Gateway {
  const headers: Record<string, string> = key === null ? {} : { Authorization: `Bearer ${key}` };
  const socket = createSocket({ headers, onState: onConnection, onForbidden: onUnauthenticated });
  const client = new Client({
    url: '/graphql',
    fetch: fetchWithServerTime(onAhead),
    fetchOptions: { headers },
    preferGetMethod: false,
    exchanges: [
      mapExchange({
        onError(error) {
          if (isUnauthenticated(error)) onUnauthenticated();
        },
      }),
      createTaskCache(),
      newestRevisionExchange,
      fetchExchange,
      subscriptionExchange({
        forwardSubscription: ({ query = '', variables = {} }) => ({
          subscribe: ({ next, error, complete }) => {
            const sink = { next: ({ data = null, ...rest }) => next({ ...rest, data }), error, complete };
            return { unsubscribe: socket.subscribe({ query, variables: { ...variables } }, sink) };
          },
        }),
      }),
    ],
  });
  return { client, dispose: socket.dispose };
}

export function codesOf(error: CombinedError): unknown[] {
  return error.graphQLErrors.map(({ extensions }) => extensions['code']);
}

export function isUnauthenticated(error: CombinedError): boolean {
  return codesOf(error).includes('UNAUTHENTICATED');
}
