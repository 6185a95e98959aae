import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';
import { join } from 'node:path';
import type { Connection } from '../../src/store/embedded/endpoint.ts';

export type TcpProxy = AsyncDisposable & {
  port: number;
  /** Connections that were made since the beginning. */
  accepted(): number;
  /** What a cable that was pulled does: today's connections stay open, and nothing comes through them any more. */
  freeze(): void;
  /** The next statement with this text reaches the server; what that answers is held back until `deliver`. */
  holdAnswerTo(text: string): void;
  deliver(): void;
  /** Ends today's connections. */
  cut(): void;
};

/** Stands between clients and a PostgreSQL server. New connections always work. */
export async function startTcpProxy(server: Connection): Promise<TcpProxy> {
  const pairs = new Set<{ client: Socket; upstream: Socket }>();
  let accepted = 0;
  let heldText: string | null = null;
  let deliver = (): void => {};
  const proxy = createServer((client) => {
    accepted += 1;
    const upstream = server.host.startsWith('/')
      ? connect(join(server.host, `.s.PGSQL.${server.port}`))
      : connect(server.port, server.host);
    const pair = { client, upstream };
    pairs.add(pair);
    const end = (): void => {
      client.destroy();
      upstream.destroy();
      pairs.delete(pair);
    };
    for (const socket of [client, upstream]) socket.on('error', end).on('close', end);
    // Before it is passed on: no answer can come earlier.
    client.on('data', (chunk: Buffer) => {
      if (heldText === null || !chunk.includes(heldText)) return;
      heldText = null;
      upstream.unpipe(client).pause();
      deliver = () => void upstream.pipe(client);
    });
    client.pipe(upstream);
    upstream.pipe(client);
  });
  proxy.listen(0, '127.0.0.1');
  await once(proxy, 'listening');
  const address = proxy.address();
  return {
    port: typeof address === 'object' && address ? address.port : 0,
    accepted: () => accepted,
    freeze() {
      for (const { client, upstream } of pairs) {
        client.unpipe(upstream).pause();
        upstream.unpipe(client).pause();
      }
    },
    holdAnswerTo(text) {
      heldText = text;
    },
    deliver: () => deliver(),
    cut() {
      for (const { client } of pairs) client.destroy();
    },
    async [Symbol.asyncDispose]() {
      const closed = once(proxy, 'close');
      proxy.close();
      for (const { client } of pairs) client.destroy();
      await closed;
    },
  };
}
