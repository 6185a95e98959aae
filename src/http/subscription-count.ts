import type { ExecutionResult } from 'graphql';
import { isAsyncIterable, type Plugin } from 'graphql-yoga';
import type { ServerContext } from './event-streams.ts';

export type SubscriptionCount = { plugin: Plugin<object, ServerContext>; current(): number };

/** Counts running subscriptions, whichever transport they came by. */
export function createSubscriptionCount(): SubscriptionCount {
  let running = 0;
  return {
    current: () => running,
    plugin: {
      onSubscribe: () => ({
        onSubscribeResult: ({ result, setResult }) => {
          if (!isAsyncIterable(result)) return;
          running += 1;
          setResult(atEnd(result, () => (running -= 1)));
        },
      }),
    },
  };
}

/**
 * Calls `onEnd` once, however the stream ends: by itself, by an error, or because its reader leaves. An async generator
 * can't do this: its `return` would wait for the next event.
 */
function atEnd(stream: AsyncIterable<ExecutionResult>, onEnd: () => void): AsyncIterableIterator<ExecutionResult> {
  const iterator = stream[Symbol.asyncIterator]();
  let ended = false;
  const end = (): void => {
    if (!ended) onEnd();
    ended = true;
  };
  return {
    [Symbol.asyncIterator]() {
      return this;
    },
    async next() {
      try {
        const result = await iterator.next();
        if (result.done) end();
        return result;
      } catch (error) {
        end();
        throw error;
      }
    },
    async return() {
      end();
      return (await iterator.return?.()) ?? { done: true, value: undefined };
    },
  };
}
