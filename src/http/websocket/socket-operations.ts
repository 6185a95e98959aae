import { CloseCode, type FormattedExecutionResult, MessageType, parseMessage, stringifyMessage } from 'graphql-ws';

/** More than one page ever needs; keeps one client from filling the process by itself. */
export const maxOperationsPerSocket = 1_000;

type Handle = (message: string) => Promise<void>;

type Operation = {
  /** The client has completed it, or was told that it is over; its end here may take a moment longer. */
  over: boolean;
  /** Resolves when it has settled, or has turned out to be a subscription. */
  answered: PromiseWithResolvers<void>;
  /** A subscribe message that came for the same id since it was over. */
  successor: string | null;
};

export type SocketOperations = {
  receive(message: string): Promise<void>;
  /** The operation is a subscription: nobody should wait for its end. */
  markAsSubscription(id: string): void;
  /** The client is about to be told that the operation is over. */
  markAsOver(id: string): void;
  /** Takes no more operations, and resolves when the running queries and mutations were answered. */
  drain(): Promise<void>;
};

/**
 * Stands before graphql-ws, which knows operations by their id alone: used again while an old operation is still
 * settling, the id would get the old one's result. A successor waits here until it has settled.
 * `handle` resolves when the message's operation has settled, and never rejects.
 */
export function createSocketOperations(
  handle: Handle,
  socket: { send(message: string): void; close(code: number, reason: string): void },
): SocketOperations {
  const operations = new Map<string, Operation>();
  let draining = false;

  async function start(id: string, message: string): Promise<void> {
    const operation: Operation = { over: false, answered: Promise.withResolvers(), successor: null };
    operations.set(id, operation);
    await handle(message);
    operation.answered.resolve();
    operations.delete(id);
    if (operation.successor !== null && !draining) await start(id, operation.successor);
  }

  async function subscribe(id: string, message: string): Promise<void> {
    const predecessor = operations.get(id);
    if (draining) return;
    if (predecessor?.over && predecessor.successor === null) {
      predecessor.successor = message;
    } else if (predecessor) {
      socket.close(CloseCode.SubscriberAlreadyExists, `Subscriber for ${id} already exists`);
    } else if (operations.size >= maxOperationsPerSocket) {
      socket.send(stringifyMessage({ type: MessageType.Error, id, payload: [tooManyOperations] }));
    } else {
      await start(id, message);
    }
  }

  async function complete(id: string, message: string): Promise<void> {
    const operation = operations.get(id);
    if (operation?.over) {
      operation.successor = null;
      return;
    }
    if (operation) operation.over = true;
    await handle(message);
  }

  return {
    receive(message) {
      const parsed = tryParse(message);
      if (parsed?.type === MessageType.Subscribe) return subscribe(parsed.id, message);
      if (parsed?.type === MessageType.Complete) return complete(parsed.id, message);
      return handle(message);
    },
    markAsSubscription: (id) => operations.get(id)?.answered.resolve(),
    markAsOver(id) {
      const operation = operations.get(id);
      if (operation) operation.over = true;
    },
    async drain() {
      draining = true;
      await Promise.all([...operations.values()].map(({ answered }) => answered.promise));
    },
  };
}

const tooManyOperations: NonNullable<FormattedExecutionResult['errors']>[number] = {
  message: `More than ${maxOperationsPerSocket} operations run on this connection. Complete some first.`,
  extensions: { code: 'RATE_LIMITED' },
};

/** A message that breaks the protocol is graphql-ws's to answer: it closes the socket. */
function tryParse(message: string): ReturnType<typeof parseMessage> | null {
  try {
    return parseMessage(message);
  } catch {
    return null;
  }
}
