import { once } from 'node:events';
import { connect, type Socket } from 'node:net';

/** One connection, byte by byte: for what no client library would send. */
export type RawConnection = Disposable & {
  socket: Socket;
  /** Resolves when it has left this process. */
  send(bytes: string | Buffer): Promise<void>;
  /** What the server has said so far. */
  received(): string;
  /** All that it has said, when it has closed the connection. */
  closed: Promise<string>;
};

export async function openRawConnection(port: number): Promise<RawConnection> {
  const socket = connect(port, '127.0.0.1');
  await once(socket, 'connect');
  socket.setEncoding('latin1');
  let received = '';
  socket.on('data', (chunk: string) => (received += chunk));
  socket.on('error', () => {});
  const closed = new Promise<string>((resolve) => socket.once('close', () => resolve(received)));
  return {
    socket,
    send: (bytes) => new Promise((resolve) => socket.write(bytes, () => resolve())),
    received: () => received,
    closed,
    [Symbol.dispose]: () => socket.destroy(),
  };
}

/** Sends these bytes on a connection of their own, which the server has to close. */
export async function exchange(port: number, bytes: string): Promise<string> {
  using connection = await openRawConnection(port);
  await connection.send(bytes);
  return await connection.closed;
}

/** A request as it stands on the wire. Its connection is closed after the answer, unless `headers` say otherwise. */
export function requestText(line: string, headers: Record<string, string> = {}, body = ''): string {
  const all = { Host: 'localhost', Connection: 'close', ...headers };
  const lines = Object.entries(all).map(([name, value]) => `${name}: ${value}\r\n`);
  return `${line} HTTP/1.1\r\n${lines.join('')}\r\n${body}`;
}

/** What makes a request the handshake of a WebSocket. */
export const upgrade = {
  Connection: 'Upgrade',
  Upgrade: 'websocket',
  'Sec-WebSocket-Version': '13',
  'Sec-WebSocket-Key': 'AAAAAAAAAAAAAAAAAAAAAA==',
  'Sec-WebSocket-Protocol': 'graphql-transport-ws',
};

/** A POST of JSON to the endpoint. */
export function postText(body: unknown, headers: Record<string, string> = {}): string {
  const text = JSON.stringify(body);
  const length = String(Buffer.byteLength(text));
  const usual = { 'Content-Type': 'application/json', 'Content-Length': length };
  return requestText('POST /graphql', { ...usual, ...headers }, text);
}
