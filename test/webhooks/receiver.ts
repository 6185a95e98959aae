import { once } from 'node:events';
import { createServer, type ServerResponse } from 'node:http';
import { text as readText } from 'node:stream/consumers';
import { Webhook } from 'standardwebhooks';
import { z } from 'zod';

export type Received = { path: string; headers: Record<string, string>; body: string };

/** What a receiver does with a request; it may never answer. */
export type Behaviour = (response: ServerResponse, received: Received) => void;

export type Receiver = AsyncDisposable & {
  origin: string;
  received: Received[];
  /** What it does from now on. At first it answers 204. */
  behave(behaviour: Behaviour): void;
};

export const answering =
  (status: number, headers: Record<string, string> = {}): Behaviour =>
  (response) =>
    response.writeHead(status, headers).end();

/** Takes the request, and never says a word. */
export const silent: Behaviour = () => {};

/** A real server that remembers what it was sent. */
export async function startReceiver(port = 0): Promise<Receiver> {
  const received: Received[] = [];
  let behaviour = answering(204);
  const server = createServer((request, response) => {
    readText(request).then(
      (body) => {
        const one = { path: request.url ?? '', headers: headersOf(request.headers), body };
        received.push(one);
        behaviour(response, one);
      },
      () => {},
    );
  });
  server.listen(port, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  return {
    origin: `http://127.0.0.1:${typeof address === 'object' && address ? address.port : 0}`,
    received,
    behave: (next) => void (behaviour = next),
    async [Symbol.asyncDispose]() {
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}

function headersOf(headers: NodeJS.Dict<string | string[]>): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, String(value)]));
}

const message = z.object({
  type: z.string(),
  timestamp: z.iso.datetime(),
  data: z.looseObject({
    id: z.string(),
    status: z.string(),
    revision: z.number(),
    failure: z.looseObject({ code: z.string() }).nullable(),
    files: z.array(z.looseObject({ id: z.string(), url: z.string().nullable(), expiresAt: z.string().nullable() })),
  }),
});
export type Message = z.infer<typeof message>;

/** What was sent, as a receiver reads it that has this secret. Throws where the signature is not the secret's. */
export function verify(secret: string, { body, headers }: Received): Message {
  return message.parse(new Webhook(secret).verify(body, headers));
}

/** The same without looking at the signature. */
export const read = ({ body }: Received): Message => message.parse(JSON.parse(body));

export const idOf = ({ headers }: Received): string => headers['webhook-id'] ?? '';
