import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { CloseCode, handleProtocols, type Server } from 'graphql-ws';
import { type WebSocket, WebSocketServer } from 'ws';
import type { Clock } from '../../clock.ts';
import type { Logger } from '../../logger.ts';
import { maxRequestBytes } from '../request-body.ts';
import type { SocketState } from './protocol.ts';
import { createSocketOperations, type SocketOperations } from './socket-operations.ts';

/**
 * What may lie unsent for one socket: a dozen of the largest pages. A client that reads gets by with far less; one that
 * has stopped reading while it goes on asking is dropped here, one that only listens by the next pings.
 */
const maxBufferedBytes = 8 * 1024 * 1024;

/** How long a client has to answer our close. By then it is either gone or has understood. */
const closingMs = 1_000;

/** RFC 6455's registry: the server restarts, connect again (graphql-ws's client does, and subscribes again). */
const serviceRestart = 1012;

export type WebSocketEndpoint = {
  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void;
  /** Drops who didn't answer the last ping, and pings the others. */
  ping(): void;
  /** Lets queries and mutations finish, then closes every socket with 1012. */
  drain(): Promise<void>;
  close(): void;
};

export function createWebSocketEndpoint(
  protocol: Server<SocketState>,
  { logger, clock }: { logger: Logger; clock: Clock },
): WebSocketEndpoint {
  const server = new WebSocketServer({ noServer: true, maxPayload: maxRequestBytes, handleProtocols });
  const sockets = new Map<WebSocket, SocketOperations>();
  const answeredPing = new WeakSet<WebSocket>();

  server.on('connection', (socket: WebSocket, upgrade: IncomingMessage) => {
    answeredPing.add(socket);
    socket.on('pong', () => answeredPing.add(socket));
    // Too large a message, or a broken frame: ws closes the socket with the code for it.
    socket.on('error', (error) => logger.debug({ err: error }, 'a WebSocket broke off'));
    sockets.set(socket, open(socket, upgrade));
    socket.once('close', () => sockets.delete(socket));
  });

  function open(socket: WebSocket, upgrade: IncomingMessage): SocketOperations {
    let handle: (message: string) => Promise<void> = () => Promise.resolve();
    const operations = createSocketOperations((message) => handle(message).catch(fail), {
      send: (message) => void send(message),
      close: (code, reason) => socket.close(code, reason),
    });
    const fail = (error: unknown): void => {
      logger.error({ err: error }, 'a WebSocket message failed unexpectedly');
      socket.close(CloseCode.InternalServerError, 'Internal server error');
    };
    /** Resolves when the message has left the process: a subscription's next event waits for its reader. */
    const send = (message: string): Promise<void> =>
      new Promise((resolve) => {
        if (socket.readyState !== socket.OPEN) return resolve();
        if (socket.bufferedAmount > maxBufferedBytes) drop(socket, 'a WebSocket client that stopped reading');
        // What can't be sent any more needs no error of its own: the socket's close ends its operations.
        socket.send(message, () => resolve());
      });
    const closed = protocol.opened(
      {
        protocol: socket.protocol,
        send,
        close: (code, reason) => socket.close(code, reason),
        onMessage: (callback) => (handle = callback),
      },
      { upgrade, operations },
    );
    // ws hands every message over as one Buffer, unless it is told otherwise.
    socket.on('message', (message) => Buffer.isBuffer(message) && void operations.receive(message.toString()));
    socket.once('close', (code, reason) => void closed(code, String(reason)).catch(fail));
    return operations;
  }

  function drop(socket: WebSocket, whom: string): void {
    logger.warn({ bufferedBytes: socket.bufferedAmount }, `dropped ${whom}`);
    socket.terminate();
  }

  async function drainSocket(socket: WebSocket, operations: SocketOperations): Promise<void> {
    await operations.drain();
    const closed = new AbortController();
    socket.once('close', () => closed.abort());
    socket.close(serviceRestart, 'The server restarts: connect again');
    if (socket.readyState !== socket.CLOSED) await clock.sleep(closingMs, closed.signal).catch(() => {});
  }

  return {
    upgrade: (request, socket, head) =>
      server.handleUpgrade(request, socket, head, (webSocket) => server.emit('connection', webSocket, request)),
    ping() {
      for (const socket of sockets.keys()) {
        if (!answeredPing.delete(socket)) drop(socket, 'a WebSocket client that answers no ping');
        else if (socket.readyState === socket.OPEN) socket.ping();
      }
    },
    async drain() {
      await Promise.all([...sockets].map(([socket, operations]) => drainSocket(socket, operations)));
    },
    close() {
      for (const socket of sockets.keys()) socket.terminate();
    },
  };
}
