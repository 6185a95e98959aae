import { type ExecutionArgs, getOperationAST, GraphQLError, OperationTypeNode } from 'graphql';
import { createLanes, type Lanes } from '../../kit/keyed-semaphore.ts';
import { localIdentity } from '../authentication/authentication.ts';
import { asGraphQLError, rateLimited } from '../request/refused-request.ts';
import type { ServerContext, ServerPlugin } from './server-plugin.ts';

/**
 * Of each credential, executed at once. The fields of a query are read at the same time, those of a mutation one after
 * the other, and a create waits for the upstream's word meanwhile.
 */
const usualWidths: Record<OperationTypeNode, number> = { query: 50, mutation: 500, subscription: 50 };
/** What one credential may have waiting; the local caller may be a whole frontend. */
const mostWaiting = { usual: 500, local: 5_000 };

type Executed = { contextValue: ServerContext & { request?: Request } } & Pick<
  ExecutionArgs,
  'document' | 'operationName'
>;

/**
 * Bounds what one credential has under way, over both transports: further operations wait in order, and beyond that
 * they are refused by 429 RATE_LIMITED. A subscription counts until it is set up.
 */
export function createRunningOperations(widths = usualWidths, waiting = mostWaiting): ServerPlugin {
  const lanes: Record<OperationTypeNode, Lanes> = {
    query: createLanes(widths.query),
    mutation: createLanes(widths.mutation),
    subscription: createLanes(widths.subscription),
  };

  async function inLane<Result>(executed: Executed, execute: () => Result) {
    const { identity, request } = executed.contextValue;
    const lane =
      lanes[getOperationAST(executed.document, executed.operationName)?.operation ?? OperationTypeNode.QUERY];
    const most = identity === localIdentity ? waiting.local : waiting.usual;
    if (lane.waiting(identity.credential) >= most) return { errors: [tooMany()] };
    // Whose caller goes meanwhile is not executed. On a WebSocket that can't be told.
    const gone = request?.signal ?? new AbortController().signal;
    const leave = await lane.enter(identity.credential, gone).catch(() => null);
    if (leave === null) return { errors: [tooLate()] };
    try {
      return await execute();
    } finally {
      leave();
    }
  }

  return {
    onExecute({ args, executeFn, setExecuteFn }) {
      setExecuteFn((given) => inLane(args, () => executeFn(given)));
    },
    onSubscribe({ args, subscribeFn, setSubscribeFn }) {
      setSubscribeFn((given) => inLane(args, () => subscribeFn(given)));
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
