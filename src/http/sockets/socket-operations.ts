import type { GraphQLError } from 'graphql';
import { CloseCode, type SubscribePayload } from 'graphql-ws';
import { asGraphQLError, rateLimited } from '../request/refused-request.ts';
import type { WebSocketBounds } from './bounds.ts';

export type Operation = {
  readonly id: string;
  /** The client has completed it, or is told its completion; it may take a moment longer to settle here. */
  over: boolean;
  /** Of a subscription, once it has begun. */
  results: AsyncIterator<string, undefined> | null;
  isSubscription: boolean;
  /** Of its message, which counts for as long as it runs. */
  heldCharacters: number;
  /** For a drain that waits for it: resolves when it has settled. */
  settled: PromiseWithResolvers<void> | null;
  /** A subscribe message with the same id that arrived since it was over. */
  successor: Received | null;
  release(): void;
};

type Received = { payload: SubscribePayload; characters: number };

/** Their socket. */
export type OperationsHost = {
  /** Settles with the operation. Never rejects. */
  run(operation: Operation, payload: SubscribePayload): Promise<void>;
  refuse(id: string, error: GraphQLError): void;
  close(code: number, reason: string): void;
};

const doNothing = (): void => {};

/** The id is in every message about the operation. Clients send numbers or UUIDs. */
const maxIdLength = 128;

/**
 * The operations of one socket, by their ids. One with the id of an operation that is over, but has not settled yet, waits here
 * until that has: it would get the old one's result. A class, as there is one for each socket.
 */
export class SocketOperations {
  readonly #host: OperationsHost;
  readonly #bounds: WebSocketBounds;
  readonly #operations = new Map<string, Operation>();
  #heldCharacters = 0;
  #isDraining = false;

  constructor(host: OperationsHost, bounds: WebSocketBounds) {
    this.#host = host;
    this.#bounds = bounds;
  }

  /** What it returns settles with the operation, if one begins. */
  subscribe(id: string, received: Received): Promise<void> | undefined {
    const predecessor = this.#operations.get(id);
    if (this.#isDraining || this.#refuses(id, received, predecessor)) return;
    this.#heldCharacters += received.characters;
    if (!predecessor) return this.#start(id, received);
    predecessor.successor = received;
  }

  /** By the client. */
  async complete(id: string): Promise<void> {
    const operation = this.#operations.get(id);
    if (!operation) return;
    if (operation.over) {
      this.#heldCharacters -= operation.successor?.characters ?? 0;
      operation.successor = null;
      return;
    }
    operation.over = true;
    await operation.results?.return?.();
  }

  /** Takes no more operations. Resolves when the running queries and mutations were answered. */
  async drain(): Promise<void> {
    this.#isDraining = true;
    const awaited = [...this.#operations.values()].filter(({ isSubscription }) => !isSubscription);
    await Promise.all(awaited.map((operation) => (operation.settled ??= Promise.withResolvers()).promise));
  }

  /** The socket is closed: nothing is told of them any more. */
  async leave(): Promise<void> {
    this.#isDraining = true;
    await Promise.all([...this.#operations.keys()].map((id) => this.complete(id)));
  }

  // Subscriptions are many, and last: no frame of a function waits here for the end of one, and keeps its message.
  #start(id: string, { payload, characters }: Received): Promise<void> {
    const operation: Operation = {
      id,
      over: false,
      results: null,
      isSubscription: false,
      heldCharacters: characters,
      settled: null,
      successor: null,
      release: doNothing,
    };
    this.#operations.set(id, operation);
    return this.#host.run(operation, payload).then(() => this.#settle(operation));
  }

  #settle(operation: Operation): Promise<void> | undefined {
    const { id, successor } = operation;
    this.#heldCharacters -= operation.heldCharacters;
    operation.release();
    operation.settled?.resolve();
    this.#operations.delete(id);
    return successor === null || this.#isDraining ? undefined : this.#start(id, successor);
  }

  #refuses(id: string, { characters }: Received, predecessor: Operation | undefined): boolean {
    const { maxSubscriptions, maxBufferedBytes } = this.#bounds;
    if (id.length > maxIdLength) {
      this.#host.close(CloseCode.BadRequest, 'The id of an operation is too long');
    } else if (predecessor && (!predecessor.over || predecessor.successor !== null)) {
      this.#host.close(CloseCode.SubscriberAlreadyExists, `Subscriber for ${id} already exists`);
    } else if (
      (!predecessor && this.#operations.size >= maxSubscriptions) ||
      this.#heldCharacters + characters > maxBufferedBytes
    ) {
      this.#host.refuse(id, tooMany(this.#operations.size));
    } else return false;
    return true;
  }
}

function tooMany(running: number): GraphQLError {
  const text = `${running} operations run on this connection, and no more may. Complete some first.`;
  return asGraphQLError(rateLimited(text, 1));
}
