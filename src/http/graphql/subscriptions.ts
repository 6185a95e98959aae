import type { ExecutionResult } from 'graphql';
import { isAsyncIterable } from 'graphql-yoga';
import { createPromptIterator, iteratorEnd } from '../../kit/prompt-iterator.ts';
import { onceClosed } from '../request/once-closed.ts';
import type { ServerPlugin } from './server-plugin.ts';

export type Subscriptions = {
  plugin: ServerPlugin;
  count(): number;
};

/** Counts the running subscriptions, over both transports, and ends each with its HTTP response. */
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
          // Yoga doesn't for a client that takes no streams (406), or while it waits for a reader that has gone.
          const { res } = args.contextValue;
          if (res) onceClosed(res, () => void stream.return?.().catch(() => {}));
        },
      }),
    },
  };
}

/** Calls `onEnd` once, however the stream ends: by itself, by an error, or because its reader leaves. */
function atEnd(stream: AsyncIterable<ExecutionResult>, onEnd: () => void) {
  const iterator = stream[Symbol.asyncIterator]();
  let ended = false;
  const end = (): void => {
    if (!ended) onEnd();
    ended = true;
  };
  return createPromptIterator<ExecutionResult>({
    async next() {
      try {
        const result = await iterator.next();
        if (!result.done) return result;
        end();
        return iteratorEnd;
      } catch (error) {
        end();
        throw error;
      }
    },
    async end() {
      end();
      await iterator.return?.();
    },
  });
}
