import { once } from 'node:events';
import { createServer, type ServerResponse } from 'node:http';
import { PNG } from 'pngjs';
import { contentOf } from './content.ts';

export type ResultHost = AsyncDisposable & {
  origin: string;
  /** What is answered at a path, from the next request on. Anything else is not there. */
  serve(path: string, answer: (response: ServerResponse) => void): string;
  /** A picture at a path. */
  servePicture(path: string, content?: Buffer): string;
  requests: readonly string[];
};

/** Stands for where the vendor keeps results, and does whatever a test wants. */
export async function startResultHost(): Promise<ResultHost> {
  const answers = new Map<string, (response: ServerResponse) => void>();
  const requests: string[] = [];
  const server = createServer(({ url = '' }, response) => {
    requests.push(url);
    const answer = answers.get(url);
    if (answer) answer(response);
    else response.writeHead(404).end();
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  const origin = `http://127.0.0.1:${typeof address === 'object' && address ? address.port : 0}`;
  const serve: ResultHost['serve'] = (path, answer) => {
    answers.set(path, answer);
    return `${origin}${path}`;
  };
  return {
    origin,
    serve,
    servePicture: (path, content = pictureOf(path)) => serve(path, (response) => sendPicture(response, content)),
    requests,
    async [Symbol.asyncDispose]() {
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}

export function sendPicture(response: ServerResponse, content: Buffer): void {
  response.writeHead(200, { 'Content-Type': 'image/png', 'Content-Length': content.length }).end(content);
}

/** A picture of 4 by 3 pixels; another seed gives another one. */
export function pictureOf(seed: string): Buffer {
  const picture = new PNG({ width: 4, height: 3 });
  contentOf(picture.data.length, seed).copy(picture.data);
  return PNG.sync.write(picture);
}
