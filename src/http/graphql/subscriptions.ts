import type { ExecutionResult } from 'graphql';
import { isAsyncIterable } from 'graphql-yoga';
import { onceClosed } from '../request/once-closed.ts';
import type { ServerPlugin } from './server-plugin.ts';

export type Subscriptions = {
  plugin: ServerPlugin;
  /** How many are running, over both transports. */
  count(): number;
};

/** Knows the running subscriptions, and ends each with the HTTP answer that it was for. */
export function createSubscriptions(): Subscriptions {
  let running = 0;
  return {
    count: () => running,
    plugin: {
      onSubscribe: ({ args }) => ({
        onSubscribeResult({ result, setResult }) {
          if (!isAsyncIterable(result)) return;
          running += 1;
          const stream = atEnd(result, () => (running -= 1));
          setResult(stream);
          // Yoga doesn't, where a client takes no streams (406), or where it waits for a reader that has gone.
          const { res } = args.contextValue;
          if (res) onceClosed(res, () => void stream.return().catch(() => {}));
        },
      }),
    },
  };
}

/**
 * Calls `onEnd` once, however the stream ends: by itself, by an error, or because its reader leaves. An async generator
 * can't do this: its `return` would wait for the next event.
 */
function atEnd(stream: AsyncIterable<ExecutionResult>, onEnd: () => void) {
  const iterator = stream[Symbol.asyncIterator]();
  const over = { done: true, value: undefined } as const;
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
      return (await iterator.return?.()) ?? over;
    },
  };
}
