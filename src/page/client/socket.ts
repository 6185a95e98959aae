import { type Client, createClient } from 'graphql-ws';
import { subscribeResuming } from './resume.ts';

/** What the page shows its user: `idle` while no connection is needed. */
export type ConnectionState = 'idle' | 'connected' | 'lost';

export type SocketOptions = {
  /** Sent when a connection begins. */
  headers: Record<string, string>;
  onState(state: ConnectionState): void;
  /** The gateway does not accept these headers any more. */
  onForbidden(): void;
};

export type Socket = Pick<Client, 'subscribe'> & { dispose(): void };

const forbidden = 4403;
const goneNormally = 1000;
const pingIntervalMs = 10_000;
const pongWithinMs = 5_000;
const longestWaitMs = 8_000;

/** One WebSocket for all subscriptions, which reconnects by itself as long as the key is valid. */
export function createSocket({ headers, onState, onForbidden }: SocketOptions): Socket {
  const disposed = new AbortController();
  let overdue: ReturnType<typeof setTimeout> | undefined;
  const client = createClient({
    url: new URL('/graphql', location.href.replace(/^http/, 'ws')).href,
    connectionParams: headers,
    retryAttempts: Infinity,
    retryWait: (retries) => waitForNetwork(waitMs(retries), disposed.signal),
    shouldRetry(event) {
      if (codeOf(event) !== forbidden) return !disposed.signal.aborted;
      onForbidden();
      return false;
    },
    // A dead connection may look open: its pings then stay unanswered.
    keepAlive: pingIntervalMs,
    on: {
      connected: () => onState('connected'),
      closed(event) {
        clearTimeout(overdue);
        if (!disposed.signal.aborted) onState(codeOf(event) === goneNormally ? 'idle' : 'lost');
      },
      ping(isReceived) {
        if (!isReceived) overdue = setTimeout(() => client.terminate(), pongWithinMs);
      },
      pong(isReceived) {
        if (isReceived) clearTimeout(overdue);
      },
    },
  });
  addEventListener('offline', () => client.terminate(), { signal: disposed.signal });
  return {
    subscribe: subscribeResuming(client),
    dispose() {
      disposed.abort();
      clearTimeout(overdue);
      void client.dispose();
    },
  };
}

function codeOf(event: unknown): number | null {
  return event instanceof CloseEvent ? event.code : null;
}

/** Doubles from a third of a second, with jitter, so that pages don't all return at once. */
function waitMs(retries: number): number {
  return Math.min(longestWaitMs, 300 * 2 ** retries) * (0.75 + Math.random() / 2);
}

/** Ends early when the browser says that the network is back. */
function waitForNetwork(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, ms);
    addEventListener('online', () => resolve(), { once: true, signal });
    signal.addEventListener('abort', () => clearTimeout(timer), { once: true });
  });
}
