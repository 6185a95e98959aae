import { CloseCode, type Server } from 'graphql-ws';
import type { WebSocket } from 'ws';
import type { Clock } from '../../kit/clock.ts';
import type { Logger } from '../../kit/logger.ts';
import type { WebSocketBounds } from './bounds.ts';
import { closeCodes, closeSocket } from './close-socket.ts';
import type { ProofDeadlines } from './half-open.ts';
import { createMessageBudget } from './message-budget.ts';
import type { Handshake } from './operation-credentials.ts';
import type { SocketState } from './protocol.ts';
import { createSend, drop } from './sending.ts';
import { createSocketOperations } from './socket-operations.ts';
import type { SocketOwner } from './socket-owner.ts';

export type Connection = {
  /** Drops a client that didn't answer the last ping, and pings any other. */
  ping(): void;
  /** Lets queries and mutations finish, then closes with 1012. Resolves when it is closed. */
  drain(): Promise<void>;
  terminate(): void;
};

export type ConnectionOptions = {
  protocol: Server<SocketState>;
  bounds: WebSocketBounds;
  deadlines: ProofDeadlines;
  logger: Logger;
  clock: Clock;
};

/**
 * One socket, between ws and graphql-ws.
 *
 * | state         | what may happen                                                                | next          | the client sees         |
 * | ------------- | ------------------------------------------------------------------------------ | ------------- | ----------------------- |
 * | handshake     | It is refused: host, origin, path, credentials or room.                        | closed        | the HTTP status         |
 * |               | It brings a valid key or token.                                                | authenticated | 101                     |
 * |               | It brings neither.                                                             | half-open     | 101                     |
 * | half-open     | connection_init or an operation brings a valid key or token, if any is needed. | authenticated | connection_ack, results |
 * |               | connection_init brings an invalid one.                                         | closing       | 4403                    |
 * |               | The key has too many sockets, or can't be checked.                             | closing       | 1013                    |
 * |               | Nothing valid came within 10 s.                                                | closing       | 4401                    |
 * |               | It is the oldest of too many.                                                  | closed        | 1013                    |
 * | authenticated | The key is revoked, or the token expires.                                      | closing       | 4403                    |
 * | both          | No connection_init came within 3 s.                                            | closing       | 4408                    |
 * |               | It sends too many messages.                                                    | closing       | 1008                    |
 * |               | It stops reading, or answers no ping.                                          | closed        | no close frame          |
 * |               | The gateway drains, and queries and mutations are answered.                    | closing       | 1012                    |
 * | closing       | The client answers the close frame, or 1 s passes.                             | closed        |                         |
 */
export function createConnection(
  socket: WebSocket,
  { handshake, owner }: { handshake: Handshake; owner: SocketOwner },
  { protocol, bounds, deadlines, logger, clock }: ConnectionOptions,
): Connection {
  const hasBudget = createMessageBudget(bounds.maxMessagesPerSecond, clock);
  const send = createSend(socket, bounds.maxBufferedBytes, logger);
  let initialised = false;
  let answeredPing = true;
  let handle: (message: string) => Promise<void> = () => Promise.resolve();

  const close = (code: number, reason: string): void => void closeSocket(socket, code, reason, clock);
  const fail = (error: unknown): void => {
    logger.error({ err: error }, 'a WebSocket message failed unexpectedly');
    close(CloseCode.InternalServerError, 'Internal server error');
  };
  const endProof = deadlines.add({ isInitialised: () => initialised, isAuthenticated: owner.isAuthenticated, close });
  const operations = createSocketOperations({
    handle: (message) => handle(message).catch(fail),
    maxOperations: bounds.maxSubscriptions,
    maxHeldCharacters: bounds.maxBufferedBytes,
    send: (message) => void send(message),
    close,
  });

  /** Counts every message before it is read. A socket that is being closed reads nothing more. */
  function takes(): boolean {
    if (socket.readyState !== socket.OPEN) return false;
    if (hasBudget()) return true;
    logger.warn('closed a WebSocket of a client that sent too many messages');
    close(closeCodes.policyViolation, 'Too many messages');
    return false;
  }

  const leave = protocol.opened(
    { protocol: socket.protocol, send, close, onMessage: (callback) => (handle = callback) },
    {
      handshake,
      owner,
      operations,
      markAsInitialised: () => (initialised = true),
      noticeOwner: () => {
        if (initialised && owner.isAuthenticated()) endProof();
      },
      close,
    },
  );
  // ws delivers each message as one Buffer by default.
  socket.on('message', (message) => {
    if (takes() && Buffer.isBuffer(message)) operations.receive(message.toString())?.catch(fail);
  });
  socket.on('ping', takes);
  socket.on('pong', () => {
    answeredPing = true;
    takes();
  });
  // For a message too large, or a broken frame, ws closes the socket with the right code.
  socket.on('error', (error) => logger.debug({ err: error }, 'a WebSocket broke off'));
  socket.once('close', (code, reason) => {
    endProof();
    owner.leave();
    leave(code, String(reason)).catch(fail);
  });

  return {
    ping() {
      if (!answeredPing) return drop(socket, 'a WebSocket client that answers no ping', logger);
      answeredPing = false;
      if (socket.readyState === socket.OPEN) socket.ping();
    },
    async drain() {
      await operations.drain();
      await closeSocket(socket, closeCodes.serviceRestart, 'The server restarts: connect again', clock);
    },
    terminate: () => socket.terminate(),
  };
}
