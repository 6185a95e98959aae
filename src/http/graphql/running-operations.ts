import { type DocumentNode, type ExecutionResult, getOperationAST, GraphQLError, OperationTypeNode } from 'graphql';
import { createKeyedSemaphore, type KeyedSemaphore } from '../../kit/keyed-semaphore.ts';
import { type Identity, localIdentity } from '../authentication/authentication.ts';
import { asGraphQLError, rateLimited } from '../request/refused-request.ts';
import type { ServerContext, ServerPlugin } from './server-plugin.ts';

/**
 * Operations of one credential that run at once. A mutation gets more room because its fields run one after the other,
 * and a create waits for the upstream's answer.
 */
const maxRunning: Record<OperationTypeNode, number> = { query: 50, mutation: 500, subscription: 50 };
const maxWaiting = { byDefault: 500, local: 5_000 };

type Executed = { document: DocumentNode; operationName?: string | null | undefined };
type Requested = { identity: Identity; signal(): AbortSignal | undefined };

export type RunningOperations = {
  /** Executes it when it is its turn, or answers why it doesn't. One that still waits when the signal aborts is not executed. */
  bound<Result>(
    executed: Executed,
    by: Requested,
    execute: () => Result | PromiseLike<Result>,
  ): Promise<Result | ExecutionResult>;
  /** For queries and mutations. */
  plugin: ServerPlugin;
};

/**
 * Bounds the operations of one credential, over both transports: further ones wait in order, and too many are refused
 * with 429 RATE_LIMITED. A subscription counts until it is set up.
 */
export function createRunningOperations(running = maxRunning, waiting = maxWaiting): RunningOperations {
  const semaphores: Record<OperationTypeNode, KeyedSemaphore> = {
    query: createKeyedSemaphore(running.query),
    mutation: createKeyedSemaphore(running.mutation),
    subscription: createKeyedSemaphore(running.subscription),
  };

  async function bound<Result>(
    { document, operationName }: Executed,
    { identity, signal }: Requested,
    execute: () => Result | PromiseLike<Result>,
  ): Promise<Result | ExecutionResult> {
    const operation = getOperationAST(document, operationName)?.operation;
    const semaphore = semaphores[operation ?? OperationTypeNode.QUERY];
    const max = identity === localIdentity ? waiting.local : waiting.byDefault;
    if (semaphore.waiting(identity.credential) >= max) return { errors: [tooMany()] };
    const release = semaphore.tryEnter(identity.credential) ?? (await wait(semaphore, identity, signal()));
    if (release === null) return { errors: [tooLate()] };
    try {
      return await execute();
    } finally {
      release();
    }
  }

  return {
    bound,
    plugin: {
      onExecute({ args, executeFn, setExecuteFn }) {
        setExecuteFn((given) => bound(args, requestedBy(args.contextValue), () => executeFn(given)));
      },
    },
  };
}

/** A WebSocket has no signal that its caller has gone. */
export function requestedBy({ identity, req, request }: ServerContext & { request?: Request }): Requested {
  return { identity, signal: () => req && request?.signal };
}

function wait(semaphore: KeyedSemaphore, { credential }: Identity, signal: AbortSignal | undefined) {
  return semaphore.enter(credential, signal).catch(() => null);
}

function tooMany(): GraphQLError {
  return asGraphQLError(rateLimited('Too many of your operations wait to be executed. Try again in a moment.', 1));
}

function tooLate(): GraphQLError {
  return new GraphQLError('The connection was closed before the operation began.', {
    extensions: { code: 'SERVICE_UNAVAILABLE' },
  });
}
