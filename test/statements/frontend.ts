import { createClient } from 'graphql-ws';
import { WebSocket } from 'ws';
import { z } from 'zod';
import { socketUrl } from '../support/gateway.ts';

const answer = z.looseObject({ data: z.json(), errors: z.json().optional() });
export type Answer = z.infer<ReturnType<typeof z.json>>;

export type Caller = ReturnType<typeof createCaller>;

/** A caller with a key, who asks in plain text: what is recorded must not hang on documents that change. */
export function createCaller(url: string, key: string) {
  const authorization = `Bearer ${key}`;
  return {
    async ask(query: string, variables: object = {}): Promise<Answer> {
      const response = await fetch(`${url}/graphql`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', authorization },
        body: JSON.stringify({ query, variables }),
      });
      const { data, errors } = answer.parse(await response.json());
      if (errors !== undefined) throw new Error(`${query}\n${JSON.stringify(errors)}`);
      return data;
    },
    /** Listens until `isLast`. */
    async watch(query: string, isLast: (event: string) => boolean): Promise<void> {
      const client = createClient({
        url: socketUrl(url),
        webSocketImpl: WebSocket,
        connectionParams: { authorization },
        retryAttempts: 0,
      });
      for await (const event of client.iterate({ query })) if (isLast(JSON.stringify(event))) break;
      await client.dispose();
    },
  };
}

/** All ids in an answer, in order. */
export function idsIn(data: Answer): string[] {
  return [...JSON.stringify(data).matchAll(/"id":"([0-9a-f-]{36})"/g)].map(([, id = '']) => id);
}
