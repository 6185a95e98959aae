import { CloseCode, type FormattedExecutionResult, MessageType, parseMessage, stringifyMessage } from 'graphql-ws';
import { rateLimited } from '../request/refused-request.ts';

type Handle = (message: string) => Promise<void>;

type Operation = {
  /** The client has completed it, or got its completion; it may take a moment longer to settle here. */
  over: boolean;
  isSubscription: boolean;
  /** Of its message, which is kept for as long as it runs. */
  heldCharacters: number;
  /** For a drain that waits for it: resolves when it has settled. */
  settled: PromiseWithResolvers<void> | null;
  /** A subscribe message with the same id that arrived since it was over. */
  successor: string | null;
  release(): void;
};

export type SocketOperations = {
  /** What it returns settles with the operation, if the message begins one. */
  receive(message: string): Promise<void> | undefined;
  /** It is a subscription: drain() does not wait for its end. */
  markAsSubscription(id: string): void;
  /** The client is about to learn that the operation is complete. */
  markAsOver(id: string): void;
  releaseAfter(id: string, release: () => void): void;
  /** Takes no more operations. Resolves when the running queries and mutations were answered. */
  drain(): Promise<void>;
};

export type SocketOperationsOptions = {
  handle: Handle;
  maxOperations: number;
  /** Of the messages of running operations, which are kept as long. */
  maxHeldCharacters: number;
  send(message: string): void;
  close(code: number, reason: string): void;
};

const doNothing = (): void => {};

/** The id is in every message about the operation. Clients send numbers or UUIDs. */
const maxIdLength = 128;

/**
 * Stands before graphql-ws, which knows operations only by their ids: an id that is used again while its old operation
 * is still settling would get the old one's result. Its successor waits here until it has settled.
 */
export function createSocketOperations(options: SocketOperationsOptions): SocketOperations {
  const { handle, maxOperations, maxHeldCharacters, send, close } = options;
  const operations = new Map<string, Operation>();
  let heldCharacters = 0;
  let draining = false;

  // Subscriptions are many, and last: no frame of a function waits here for the end of one, and keeps its message.
  function start(id: string, message: string): Promise<void> {
    const operation: Operation = {
      over: false,
      isSubscription: false,
      heldCharacters: message.length,
      settled: null,
      successor: null,
      release: doNothing,
    };
    operations.set(id, operation);
    return handle(message).then(() => settle(id, operation));
  }

  function settle(id: string, operation: Operation): Promise<void> | undefined {
    heldCharacters -= operation.heldCharacters;
    operation.release();
    operation.settled?.resolve();
    operations.delete(id);
    return operation.successor === null || draining ? undefined : start(id, operation.successor);
  }

  function subscribe(id: string, message: string): Promise<void> | undefined {
    const predecessor = operations.get(id);
    if (draining || refuses(id, message, predecessor)) return;
    heldCharacters += message.length;
    if (!predecessor) return start(id, message);
    predecessor.successor = message;
  }

  function refuses(id: string, message: string, predecessor: Operation | undefined): boolean {
    if (id.length > maxIdLength) {
      close(CloseCode.BadRequest, 'The id of an operation is too long');
    } else if (predecessor && (!predecessor.over || predecessor.successor !== null)) {
      close(CloseCode.SubscriberAlreadyExists, `Subscriber for ${id} already exists`);
    } else if (
      (!predecessor && operations.size >= maxOperations) ||
      heldCharacters + message.length > maxHeldCharacters
    ) {
      send(stringifyMessage({ type: MessageType.Error, id, payload: [tooMany(operations.size)] }));
    } else return false;
    return true;
  }

  async function complete(id: string, message: string): Promise<void> {
    const operation = operations.get(id);
    if (operation?.over) {
      heldCharacters -= operation.successor?.length ?? 0;
      operation.successor = null;
      return;
    }
    if (operation) operation.over = true;
    await handle(message);
  }

  return {
    receive(message) {
      const parsed = tryParse(message);
      switch (parsed?.type) {
        case MessageType.Subscribe:
          return subscribe(parsed.id, message);
        case MessageType.Complete:
          return complete(parsed.id, message);
        case MessageType.ConnectionAck:
        case MessageType.Next:
        case MessageType.Error:
          // Only the server sends these. graphql-ws would throw as if it had failed itself.
          close(CloseCode.BadRequest, 'Invalid message received');
          return;
        default:
          return handle(message);
      }
    },
    markAsSubscription(id) {
      const operation = operations.get(id);
      if (!operation) return;
      operation.isSubscription = true;
      operation.settled?.resolve();
    },
    markAsOver(id) {
      const operation = operations.get(id);
      if (operation) operation.over = true;
    },
    releaseAfter(id, release) {
      const operation = operations.get(id);
      if (operation) operation.release = release;
      else release();
    },
    async drain() {
      draining = true;
      const awaited = [...operations.values()].filter(({ isSubscription }) => !isSubscription);
      await Promise.all(awaited.map((operation) => (operation.settled ??= Promise.withResolvers()).promise));
    },
  };
}

function tooMany(running: number): NonNullable<FormattedExecutionResult['errors']>[number] {
  const text = `${running} operations run on this connection, and no more may. Complete some first.`;
  const { message, extensions } = rateLimited(text, 1);
  return { message, extensions };
}

/** graphql-ws answers a message that breaks the protocol: it closes the socket. */
function tryParse(message: string): ReturnType<typeof parseMessage> | null {
  try {
    return parseMessage(message);
  } catch {
    return null;
  }
}
