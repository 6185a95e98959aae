import { CloseCode } from 'graphql-ws';
import type { Clock } from '../../kit/clock.ts';
import { createDelayLine } from '../../kit/delay-line.ts';

const initialisationMs = 3_000;
/** Also from the connect. A client that sends its key with its operations subscribes at once. */
const authenticationMs = 10_000;

export type HalfOpenSocket = {
  isInitialised(): boolean;
  isAuthenticated(): boolean;
  close(code: number, reason: string): void;
};

export type ProofDeadlines = {
  /** Closes a socket that stays without connection_init (4408), or without valid credentials (4401), until what is returned. */
  add(socket: HalfOpenSocket): () => void;
};

export function createProofDeadlines(chores: { clock: Clock; signal: AbortSignal }): ProofDeadlines {
  const initialisations = createDelayLine(initialisationMs, chores);
  const authentications = createDelayLine(authenticationMs, chores);
  return {
    add(socket) {
      const initialised = initialisations.add(() => {
        if (socket.isInitialised()) return;
        socket.close(CloseCode.ConnectionInitialisationTimeout, 'Connection initialisation timeout');
      });
      const authenticated = authentications.add(() => {
        if (!socket.isAuthenticated()) socket.close(CloseCode.Unauthorized, 'Unauthorized');
      });
      return () => {
        initialised();
        authenticated();
      };
    },
  };
}

export type HalfOpenSockets = {
  /** Closes the oldest one if there is no room. Returns what removes this one. */
  add(close: () => void): () => void;
};

/**
 * The sockets that are not authenticated yet. Honest clients authenticate within moments of their connect: the oldest one
 * has to go, so that a crowd of silent clients keeps no one else out.
 */
export function createHalfOpenSockets(max: number): HalfOpenSockets {
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
