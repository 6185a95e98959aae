import { CloseCode } from 'graphql-ws';
import type { Clock } from '../../kit/clock.ts';

/** What graphql-ws itself gives a client. */
const initialisationMs = 3_000;
/** From the connect, as that. Who brings a key with its operations subscribes at once, or has nothing to wait for. */
const provingMs = 10_000;

export type HalfOpenSocket = {
  /** Whether connection_init has come. */
  isInitialised(): boolean;
  /** Whether anything valid was seen. */
  isKnown(): boolean;
  close(code: number, reason: string): void;
};

/** Closes a socket that stays without connection_init (4408), or without any valid key or token (4401). */
export async function endUnlessProven(socket: HalfOpenSocket, clock: Clock, signal: AbortSignal): Promise<void> {
  try {
    await clock.sleep(initialisationMs, signal);
    if (!socket.isInitialised()) {
      return socket.close(CloseCode.ConnectionInitialisationTimeout, 'Connection initialisation timeout');
    }
    await clock.sleep(provingMs - initialisationMs, signal);
    if (!socket.isKnown()) socket.close(CloseCode.Unauthorized, 'Unauthorized');
  } catch {
    // It was closed before.
  }
}

export type HalfOpenSockets = {
  /** Closes the oldest of them where there is no more room. Returns what takes this one out. */
  add(close: () => void): () => void;
};

/**
 * The sockets of those that nobody knows yet. Whoever means well proves itself within moments of its connect: it is the
 * oldest that has to go, so that a crowd of silent ones keeps nobody else out.
 */
export function createHalfOpenSockets(max: number): HalfOpenSockets {
  // A Set keeps the order in which its members came.
  const waiting = new Set<() => void>();
  return {
    add(close) {
      const [oldest] = waiting;
      if (waiting.size >= max && oldest) {
        waiting.delete(oldest);
        oldest();
      }
      waiting.add(close);
      return () => void waiting.delete(close);
    },
  };
}
