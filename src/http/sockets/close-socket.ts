import { WebSocket } from 'ws';
import type { Clock } from '../../kit/clock.ts';

const closingMs = 1_000;

/** RFC 6455, 5.5: a control frame carries 125 bytes, two of them the code. */
const maxReasonBytes = 123;

/** From RFC 6455's registry, beside graphql-transport-ws's own. */
export const closeCodes = {
  policyViolation: 1008,
  serviceRestart: 1012,
  /** For temporary limits. Not 4429, which means a second connection_init, and after which graphql-ws's client gives up. */
  tryAgainLater: 1013,
} as const;

/** Resolves when the socket is closed, with or without the client's answer. */
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

/** Closes without waiting for the client's answer, so that a crowd that never answers keeps no room. */
export function giveWay(socket: WebSocket): void {
  socket.close(closeCodes.tryAgainLater, 'Too many WebSockets wait for their credentials');
  socket.terminate();
}

/** Reasons may repeat what the client sent, and ws throws on long ones. Never cuts within a character. */
function shortened(reason: string): Buffer {
  const bytes = Buffer.alloc(maxReasonBytes);
  return bytes.subarray(0, new TextEncoder().encodeInto(reason, bytes).written);
}
