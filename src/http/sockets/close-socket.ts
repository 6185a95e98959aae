import { WebSocket } from 'ws';
import type { Clock } from '../../kit/clock.ts';

/** How long a client has to answer our close. By then it is either gone or has understood. */
const closingMs = 1_000;

/** RFC 6455, 5.5: a control frame carries 125 bytes, two of them the code. */
const maxReasonBytes = 123;

/** From RFC 6455's registry, beside graphql-transport-ws's own. */
export const closeCodes = {
  policyViolation: 1008,
  /** Connect again; graphql-ws's client does, and subscribes again. */
  serviceRestart: 1012,
  /**
   * Connect again later. For what passes by itself, where 4429 would be wrong twice: it means a second
   * connection_init, and graphql-ws's client never comes back after it.
   */
  tryAgainLater: 1013,
} as const;

/** Resolves when the socket is closed: by the client's answer, or without it. */
export async function closeSocket(socket: WebSocket, code: number, reason: string, clock: Clock): Promise<void> {
  if (socket.readyState === WebSocket.CLOSED) return;
  const closed = new AbortController();
  socket.once('close', () => closed.abort());
  socket.close(code, shortened(reason));
  await clock.sleep(closingMs, closed.signal).then(
    () => socket.terminate(),
    () => {},
  );
}

/** Without waiting for the client's answer: where the place is wanted now, a crowd that never answers holds none. */
export function giveWay(socket: WebSocket): void {
  socket.close(closeCodes.tryAgainLater, 'Too many WebSockets wait for their credentials');
  socket.terminate();
}

/** Some reasons repeat what the client sent, and ws throws on one that is too long. Cuts between characters only. */
function shortened(reason: string): Buffer {
  const bytes = Buffer.alloc(maxReasonBytes);
  return bytes.subarray(0, new TextEncoder().encodeInto(reason, bytes).written);
}
