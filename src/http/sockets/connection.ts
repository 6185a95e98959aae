import type { GraphQLError } from 'graphql';
import {
  CloseCode,
  type ConnectionInitMessage,
  GRAPHQL_TRANSPORT_WS_PROTOCOL,
  MessageType,
  type SubscribePayload,
} from 'graphql-ws';
import type { WebSocket } from 'ws';
import type { Clock } from '../../kit/clock.ts';
import type { Logger } from '../../kit/logger.ts';
import type { Credentials, Identity } from '../authentication/authentication.ts';
import type { Admission } from '../request/admission.ts';
import { RefusedRequest } from '../request/refused-request.ts';
import type { WebSocketBounds } from './bounds.ts';
import { closeCodes, closeSocket } from './close-socket.ts';
import type { HalfOpenSocket, ProofDeadlines } from './half-open.ts';
import { createMessageBudget } from './message-budget.ts';
import { acknowledgement, errorMessage, parseClientMessage, pongMessage } from './messages.ts';
import type { Operate, OperatingSocket } from './operate.ts';
import {
  bringsCredentials,
  connectionCredentials,
  type Handshake,
  operationCredentials,
} from './operation-credentials.ts';
import { drop, send } from './sending.ts';
import { type Operation, type OperationsHost, SocketOperations } from './socket-operations.ts';
import type { SocketOwner } from './socket-owner.ts';

export type ConnectionOptions = {
  operate: Operate;
  authenticate: Admission['authenticate'];
  bounds: WebSocketBounds;
  deadlines: ProofDeadlines;
  logger: Logger;
  clock: Clock;
};

/**
 * One socket that speaks graphql-transport-ws.
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
export class Connection implements HalfOpenSocket, OperatingSocket, OperationsHost {
  readonly #socket: WebSocket;
  readonly #handshake: Handshake;
  readonly #owner: SocketOwner;
  readonly #options: ConnectionOptions;
  readonly #operations: SocketOperations;
  readonly #hasBudget: () => boolean;
  #endProof: (() => void) | null;
  #connectionParams: ConnectionInitMessage['payload'];
  #state: 'opened' | 'initialised' | 'acknowledged' = 'opened';
  #answeredPing = true;

  constructor(
    socket: WebSocket,
    { handshake, owner }: { handshake: Handshake; owner: SocketOwner },
    options: ConnectionOptions,
  ) {
    this.#socket = socket;
    this.#handshake = handshake;
    this.#owner = owner;
    this.#options = options;
    this.#operations = new SocketOperations(this, options.bounds);
    this.#hasBudget = createMessageBudget(options.bounds.maxMessagesPerSecond, options.clock);
    this.#endProof = options.deadlines.add(this);
    this.#listen();
    if (socket.protocol === GRAPHQL_TRANSPORT_WS_PROTOCOL) return;
    this.close(CloseCode.SubprotocolNotAcceptable, 'Subprotocol not acceptable');
  }

  isInitialised(): boolean {
    return this.#state !== 'opened';
  }

  isAuthenticated(): boolean {
    return this.#owner.isAuthenticated();
  }

  close(code: number, reason: string): void {
    void closeSocket(this.#socket, code, reason, this.#options.clock);
  }

  send(message: string): Promise<void> {
    const { bounds, logger } = this.#options;
    return send(this.#socket, message, bounds.maxBufferedBytes, logger);
  }

  credentialsOf(extensions: unknown): Credentials {
    return operationCredentials(this.#handshake, this.#connectionParams, extensions);
  }

  operateAs(identity: Identity): () => void {
    const release = this.#owner.operateAs(identity);
    this.#noticeOwner();
    return release;
  }

  async run(operation: Operation, payload: SubscribePayload): Promise<void> {
    await this.#options.operate(operation, payload, this).catch((error: unknown) => this.#fail(error));
  }

  refuse(id: string, error: GraphQLError): void {
    void this.send(errorMessage(id, [error]));
  }

  /** Drops a client that didn't answer the last ping, and pings any other. */
  ping(): void {
    if (!this.#answeredPing) return drop(this.#socket, 'a WebSocket client that answers no ping', this.#options.logger);
    this.#answeredPing = false;
    if (this.#socket.readyState === this.#socket.OPEN) this.#socket.ping();
  }

  /** Lets queries and mutations finish, then closes with 1012. Resolves when it is closed. */
  async drain(): Promise<void> {
    await this.#operations.drain();
    const { clock } = this.#options;
    await closeSocket(this.#socket, closeCodes.serviceRestart, 'The server restarts: connect again', clock);
  }

  terminate(): void {
    this.#socket.terminate();
  }

  #listen(): void {
    const { logger } = this.#options;
    // ws delivers each message as one Buffer by default.
    this.#socket.on('message', (message) => {
      if (!this.#takes() || !Buffer.isBuffer(message)) return;
      this.#receive(message.toString())?.catch((error: unknown) => this.#fail(error));
    });
    this.#socket.on('ping', () => this.#takes());
    this.#socket.on('pong', () => {
      this.#answeredPing = true;
      this.#takes();
    });
    // For a message too large, or a broken frame, ws closes the socket with the right code.
    this.#socket.on('error', (error) => logger.debug({ err: error }, 'a WebSocket broke off'));
    this.#socket.once('close', () => {
      this.#endProof?.();
      this.#owner.leave();
      this.#operations.leave().catch((error: unknown) => this.#fail(error));
    });
  }

  /** Counts every message before it is read. A socket that is being closed reads nothing more. */
  #takes(): boolean {
    if (this.#socket.readyState !== this.#socket.OPEN) return false;
    if (this.#hasBudget()) return true;
    this.#options.logger.warn('closed a WebSocket of a client that sent too many messages');
    this.close(closeCodes.policyViolation, 'Too many messages');
    return false;
  }

  #receive(text: string): Promise<void> | undefined {
    const message = parseClientMessage(text);
    switch (message?.type) {
      case MessageType.ConnectionInit:
        return this.#initialise(message.payload);
      case MessageType.Subscribe:
        if (this.#state !== 'acknowledged') break;
        return this.#operations.subscribe(message.id, { payload: message.payload, characters: text.length });
      case MessageType.Complete:
        return this.#operations.complete(message.id);
      case MessageType.Ping:
        return this.send(pongMessage(message));
      case MessageType.Pong:
        return;
      case undefined:
        this.close(CloseCode.BadRequest, 'Invalid message received');
        return;
    }
    this.close(CloseCode.Unauthorized, 'Unauthorized');
  }

  /** May bring no credentials (GraphiQL's doesn't): then its operations have to. */
  async #initialise(parameters: ConnectionInitMessage['payload']): Promise<void> {
    if (this.#state !== 'opened') {
      return this.close(CloseCode.TooManyInitialisationRequests, 'Too many initialisation requests');
    }
    this.#state = 'initialised';
    this.#connectionParams = parameters ?? undefined;
    const refusal = await this.#connect();
    if (refusal?.status === 401 && bringsCredentials(this.#handshake, this.#connectionParams)) {
      return this.close(CloseCode.Forbidden, 'Forbidden');
    }
    if (refusal && refusal.status !== 401) this.close(closeCodes.tryAgainLater, refusal.message);
    this.#state = 'acknowledged';
    await this.send(acknowledgement);
  }

  async #connect(): Promise<RefusedRequest | null> {
    try {
      const credentials = connectionCredentials(this.#handshake, this.#connectionParams);
      this.#owner.connectAs(await this.#options.authenticate(credentials));
      this.#noticeOwner();
      return null;
    } catch (error) {
      if (error instanceof RefusedRequest) return error;
      throw error;
    }
  }

  #noticeOwner(): void {
    if (!this.isInitialised() || !this.isAuthenticated()) return;
    this.#endProof?.();
    this.#endProof = null;
  }

  #fail(error: unknown): void {
    this.#options.logger.error({ err: error }, 'a WebSocket message failed unexpectedly');
    this.close(CloseCode.InternalServerError, 'Internal server error');
  }
}
