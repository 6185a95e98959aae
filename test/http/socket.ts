import { WebSocket } from 'ws';
import { until } from '../support/until.ts';

type Message = { type: string; id?: string; payload?: unknown };

type SocketOptions = { autoPong?: boolean; headers?: Record<string, string> };

/**
 * A socket that speaks the protocol word by word, and remembers what it heard. With null as `connectionParams` it sends
 * no connection_init.
 */
export async function openSocket(
  url: string,
  protocols = ['graphql-transport-ws'],
  connectionParams: object | null = {},
  options: SocketOptions = {},
) {
  const socket = new WebSocket(endpointOf(url), protocols, options);
  const messages: Message[] = [];
  const texts: string[] = [];
  let pings = 0;
  let closeReason = '';
  const closed = Promise.withResolvers<number>();
  socket.on('message', (message) => {
    const text = Buffer.isBuffer(message) ? message.toString() : '';
    texts.push(text);
    messages.push(JSON.parse(text));
  });
  socket.on('ping', () => (pings += 1));
  socket.on('error', () => {});
  socket.on('close', (code, reason) => {
    closeReason = reason.toString();
    closed.resolve(code);
  });
  const say = (message: Message) => socket.send(JSON.stringify(message));
  socket.on('open', () => connectionParams && say({ type: 'connection_init', payload: connectionParams }));
  const isOver = () => socket.readyState === socket.CLOSED;
  const isOpen = () => socket.readyState === socket.OPEN;
  await until(() => isOver() || messages.length > 0 || (connectionParams === null && isOpen()));
  return {
    messages,
    /** The same, as they came. */
    texts,
    closed: closed.promise,
    reason: () => closeReason,
    say,
    send: (text: string) => socket.send(text),
    /** As one message in so many frames. */
    sendFragments(text: string, count: number) {
      const size = Math.ceil(text.length / count);
      for (let at = 0; at < count; at += 1) {
        socket.send(text.slice(at * size, (at + 1) * size), { fin: at === count - 1 });
      }
    },
    subscribe: (id: string, query: string, extensions = {}) =>
      say({ type: 'subscribe', id, payload: { query, extensions } }),
    heard: ({ type, id }: Message) =>
      until(() => messages.some((message) => message.type === type && message.id === id)),
    /** Resolves when the server has looked at all that was sent. */
    async settled() {
      const pongs = () => messages.filter(({ type }) => type === 'pong').length;
      const before = pongs();
      say({ type: 'ping' });
      await until(() => isOver() || pongs() > before);
    },
    ping: () => socket.ping(),
    pause: () => socket.pause(),
    resume: () => socket.resume(),
    pings: () => pings,
    isOver,
    terminate: () => socket.terminate(),
  };
}

/** How a handshake is answered. */
export async function handshake(
  url: string,
  headers: Record<string, string> = {},
  path = '/graphql',
): Promise<{ status: number; headers: Record<string, unknown>; body: string }> {
  const socket = new WebSocket(endpointOf(url, path), ['graphql-transport-ws'], { headers });
  socket.on('error', () => {});
  try {
    return await new Promise((resolve) => {
      socket.on('open', () => resolve({ status: 101, headers: {}, body: '' }));
      socket.on('unexpected-response', (_request, response) => {
        let body = '';
        response.setEncoding('utf8');
        response.on('data', (part: string) => (body += part));
        response.on('end', () => resolve({ status: response.statusCode ?? 0, headers: response.headers, body }));
      });
    });
  } finally {
    socket.terminate();
  }
}

function endpointOf(url: string, path = '/graphql'): string {
  return url.replace('http', 'ws') + path;
}
