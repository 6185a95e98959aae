import { createSourceEventStream, type ExecutionArgs, type ExecutionResult } from 'graphql';
import { isAsyncIterable } from 'graphql-yoga';
import { onceClosed } from '../request/once-closed.ts';
import { boundResult } from './bounded-errors.ts';
import { finishResult, type MaskError } from './error-masking.ts';
import {
  createLiveOperations,
  type LiveOperation,
  type LiveOperationsOptions,
  type SubscriptionRequest,
} from './live-operations.ts';
import { LiveResults } from './live-results.ts';
import { payloadText } from './payload-text.ts';
import { requestedBy, type RunningOperations } from './running-operations.ts';
import type { ServerPlugin } from './server-plugin.ts';

export type Subscriptions = {
  /** For HTTP: errors are masked there by Yoga. Goes before all plugins that wrap `subscribe`. */
  plugin: ServerPlugin;
  /** For WebSockets: the events as JSON texts, or why it can't begin. */
  subscribe(request: SubscriptionRequest): Promise<ExecutionResult | LiveResults<string>>;
  count(): number;
};

export type SubscriptionsOptions = LiveOperationsOptions & {
  maskError: MaskError;
  running: RunningOperations;
};

type Begun<Answer> = Promise<ExecutionResult | LiveResults<Answer>>;

/**
 * GraphQL's subscribe, with the parts that graphql-js has for it. Runs subscriptions and counts them, over both transports,
 * and ends each with its HTTP response.
 */
export function createSubscriptions(options: SubscriptionsOptions): Subscriptions {
  const { maskError } = options;
  const operations = createLiveOperations(options);
  const findShared = operations.createShared((result) => payloadText(finishResult(result, maskError)));
  let count = 0;

  async function begin<Answer>(operation: LiveOperation<Answer> | ExecutionResult): Begun<Answer> {
    if (!('events' in operation)) return operation;
    const { args, events, release } = operation;
    const source = await createSourceEventStream(args);
    if (!isAsyncIterable(source)) {
      release();
      return source;
    }
    count += 1;
    return new LiveResults(source[Symbol.asyncIterator](), events, () => {
      count -= 1;
      release();
    });
  }

  return {
    count: () => count,

    async subscribe(request) {
      const result = await options.running.bound(request, requestedBy(request), () => begin(findShared(request)));
      return result instanceof LiveResults ? result : finishResult(result, maskError);
    },

    plugin: {
      onSubscribe({ args: { contextValue }, setSubscribeFn }) {
        const { res } = contextValue;
        const by = requestedBy(contextValue);
        setSubscribeFn(async (given: ExecutionArgs) => {
          const result = await options.running.bound(given, by, () => begin(operations.prepare(given, boundResult)));
          return result instanceof LiveResults ? result : boundResult(result);
        });
        if (!res) return;
        return {
          onSubscribeResult({ result }) {
            if (!isAsyncIterable(result)) return;
            const stream = result[Symbol.asyncIterator]();
            // Yoga doesn't for a client that takes no streams (406), or while it waits for a reader that has gone.
            onceClosed(res, () => void stream.return?.().catch(() => {}));
          },
        };
      },
    },
  };
}
