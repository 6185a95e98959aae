import { isAsyncIterable } from 'graphql-yoga';
import { onceClosed } from '../request/once-closed.ts';
import { subscribeLive } from './live-results.ts';
import type { ServerPlugin } from './server-plugin.ts';

export type Subscriptions = {
  /** Goes before all plugins that wrap `subscribe`. */
  plugin: ServerPlugin;
  count(): number;
};

/** Runs subscriptions, counts them, over both transports, and ends each with its HTTP response. */
export function createSubscriptions(): Subscriptions {
  let running = 0;

  function begin(): () => void {
    running += 1;
    return () => (running -= 1);
  }

  return {
    count: () => running,
    plugin: {
      onSubscribe({ args, setSubscribeFn }) {
        setSubscribeFn((given) => subscribeLive(given, begin));
        const { res } = args.contextValue;
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
