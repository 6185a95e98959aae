import { CloseCode, type FormattedExecutionResult, MessageType, parseMessage, stringifyMessage } from 'graphql-ws';
import { rateLimited } from '../request/refused-request.ts';

type Handle = (message: string) => Promise<void>;

type Operation = {
  /** The client has completed it, or got its completion; it may take a moment longer to settle here. */
  over: boolean;
  /** Resolves when it has settled, or has turned out to be a subscription. */
  answered: PromiseWithResolvers<void>;
  /** A subscribe message with the same id that arrived since it was over. */
  successor: string | null;
  release(): void;
};

export type SocketOperations = {
  receive(message: string): Promise<void>;
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

  async function start(id: string, message: string): Promise<void> {
    const operation: Operation = {
      over: false,
      answered: Promise.withResolvers(),
      successor: null,
      release: () => {},
    };
    operations.set(id, operation);
    await handle(message);
    heldCharacters -= message.length;
    operation.release();
    operation.answered.resolve();
    operations.delete(id);
    if (operation.successor !== null && !draining) await start(id, operation.successor);
  }

  async function subscribe(id: string, message: string): Promise<void> {
    const predecessor = operations.get(id);
    if (draining) return;
    if (id.length > maxIdLength) return close(CloseCode.BadRequest, 'The id of an operation is too long');
    if (predecessor && (!predecessor.over || predecessor.successor !== null)) {
      return close(CloseCode.SubscriberAlreadyExists, `Subscriber for ${id} already exists`);
    }
    if ((!predecessor && operations.size >= maxOperations) || heldCharacters + message.length > maxHeldCharacters) {
      return send(stringifyMessage({ type: MessageType.Error, id, payload: [tooMany(operations.size)] }));
    }
    heldCharacters += message.length;
    if (predecessor) predecessor.successor = message;
    else await start(id, message);
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
    async receive(message) {
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
          return close(CloseCode.BadRequest, 'Invalid message received');
        default:
          return handle(message);
      }
    },
    markAsSubscription: (id) => operations.get(id)?.answered.resolve(),
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
      await Promise.all([...operations.values()].map(({ answered }) => answered.promise));
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
