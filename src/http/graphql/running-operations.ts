import { type ExecutionArgs, getOperationAST, GraphQLError, OperationTypeNode } from 'graphql';
import { createKeyedSemaphore, type KeyedSemaphore } from '../../kit/keyed-semaphore.ts';
import { localIdentity } from '../authentication/authentication.ts';
import { asGraphQLError, rateLimited } from '../request/refused-request.ts';
import type { ServerContext, ServerPlugin } from './server-plugin.ts';

/**
 * Operations of one credential that run at once. A mutation gets more room because its fields run one after the other,
 * and a create waits for the upstream's answer.
 */
const maxRunning: Record<OperationTypeNode, number> = { query: 50, mutation: 500, subscription: 50 };
const maxWaiting = { byDefault: 500, local: 5_000 };

type Executed = { contextValue: ServerContext & { request?: Request } } & Pick<
  ExecutionArgs,
  'document' | 'operationName'
>;

/**
 * Bounds the operations of one credential, over both transports: further ones wait in order, and too many are refused
 * with 429 RATE_LIMITED. A subscription counts until it is set up.
 */
export function createRunningOperations(running = maxRunning, waiting = maxWaiting): ServerPlugin {
  const semaphores: Record<OperationTypeNode, KeyedSemaphore> = {
    query: createKeyedSemaphore(running.query),
    mutation: createKeyedSemaphore(running.mutation),
    subscription: createKeyedSemaphore(running.subscription),
  };

  async function bounded<Result>(executed: Executed, execute: () => Result) {
    const { identity, req, request } = executed.contextValue;
    const operation = getOperationAST(executed.document, executed.operationName)?.operation;
    const semaphore = semaphores[operation ?? OperationTypeNode.QUERY];
    const max = identity === localIdentity ? waiting.local : waiting.byDefault;
    if (semaphore.waiting(identity.credential) >= max) return { errors: [tooMany()] };
    // An operation whose caller has gone is not executed. A WebSocket has no such signal.
    const release = await semaphore.enter(identity.credential, req && request?.signal).catch(() => null);
    if (release === null) return { errors: [tooLate()] };
    try {
      return await execute();
    } finally {
      release();
    }
  }

  return {
    onExecute({ args, executeFn, setExecuteFn }) {
      setExecuteFn((given) => bounded(args, () => executeFn(given)));
    },
    onSubscribe({ args, subscribeFn, setSubscribeFn }) {
      setSubscribeFn((given) => bounded(args, () => subscribeFn(given)));
    },
  };
}

function tooMany(): GraphQLError {
  return asGraphQLError(rateLimited('Too many of your operations wait to be executed. Try again in a moment.', 1));
}

function tooLate(): GraphQLError {
  return new GraphQLError('The connection was closed before the operation began.', {
    extensions: { code: 'SERVICE_UNAVAILABLE' },
  });
}
