import { once } from 'node:events';
import { createServer, type IncomingMessage, request as send } from 'node:http';
import type { Duplex } from 'node:stream';

export type ReverseProxy = AsyncDisposable & {
  /** Where browsers reach what is behind it. */
  origin: string;
  /** What is behind it from now on. */
  leadTo(url: string): void;
};

/** As nginx with `proxy_set_header Host $host`: what is behind it never hears of the port that browsers were sent to. */
export async function startReverseProxy(): Promise<ReverseProxy> {
  let target = new URL('http://127.0.0.1');
  const passOn = ({ method, url, headers }: IncomingMessage) =>
    send({
      host: target.hostname,
      port: target.port,
      method,
      path: url,
      headers: { ...headers, host: String(headers.host).replace(/:\d+$/, '') },
    });
  const proxy = createServer((request, response) => {
    const passed = passOn(request);
    passed.on('response', (answer) => {
      response.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(response);
    });
    passed.on('error', () => response.destroy());
    request.pipe(passed);
  });
  proxy.on('upgrade', (request: IncomingMessage, client: Duplex) => {
    const passed = passOn(request);
    passed.on('upgrade', (answer, upstream) => {
      client.write(headOf(answer));
      upstream.pipe(client).pipe(upstream);
      upstream.on('error', () => client.destroy());
      client.on('error', () => upstream.destroy()).on('close', () => upstream.destroy());
    });
    passed.on('response', (answer) => {
      client.write(headOf(answer));
      answer.pipe(client);
    });
    passed.end();
  });
  proxy.listen(0, '127.0.0.1');
  await once(proxy, 'listening');
  const address = proxy.address();
  return {
    origin: `http://localhost:${typeof address === 'object' && address ? address.port : 0}`,
    leadTo: (url) => void (target = new URL(url)),
    async [Symbol.asyncDispose]() {
      const closed = once(proxy, 'close');
      proxy.close();
      proxy.closeAllConnections();
      await closed;
    },
  };
}

function headOf({ statusCode, statusMessage, rawHeaders }: IncomingMessage): string {
  const lines = rawHeaders.flatMap((name, index) => (index % 2 === 0 ? [`${name}: ${rawHeaders[index + 1]}\r\n`] : []));
  return `HTTP/1.1 ${statusCode} ${statusMessage}\r\n${lines.join('')}\r\n`;
}
