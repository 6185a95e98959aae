import { CloseCode } from 'graphql-ws';
import type { Clock } from '../../clock.ts';

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
