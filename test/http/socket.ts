import { WebSocket } from 'ws';
import { until } from './test-server.ts';

type Message = { type: string; id?: string; payload?: unknown };

/** A socket that speaks the protocol word by word, and remembers what it heard. */
export async function openSocket(
  url: string,
  protocols = ['graphql-transport-ws'],
  connectionParams = {},
  options: { autoPong?: boolean } = {},
) {
  const socket = new WebSocket(`${url.replace('http', 'ws')}/graphql`, protocols, options);
  const messages: Message[] = [];
  let pings = 0;
  const closed = Promise.withResolvers<number>();
  socket.on('message', (message) => messages.push(JSON.parse(Buffer.isBuffer(message) ? message.toString() : '')));
  socket.on('ping', () => (pings += 1));
  socket.on('error', () => {});
  socket.on('close', closed.resolve);
  const say = (message: Message) => socket.send(JSON.stringify(message));
  socket.on('open', () => say({ type: 'connection_init', payload: connectionParams }));
  const isOver = () => socket.readyState === socket.CLOSED;
  await until(() => isOver() || messages.length > 0);
  return {
    messages,
    closed: closed.promise,
    say,
    send: (text: string) => socket.send(text),
    subscribe: (id: string, query: string, extensions = {}) =>
      say({ type: 'subscribe', id, payload: { query, extensions } }),
    heard: ({ type, id }: Message) =>
      until(() => messages.some((message) => message.type === type && message.id === id)),
    pause: () => socket.pause(),
    resume: () => socket.resume(),
    pings: () => pings,
    isOver,
    terminate: () => socket.terminate(),
  };
}
