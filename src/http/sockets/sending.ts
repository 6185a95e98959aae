import type { WebSocket } from 'ws';
import type { Logger } from '../../kit/logger.ts';

/**
 * Resolves when the message has left the process, so that a subscription's next event waits for its reader, or when it
 * can't be sent any more: the socket's close ends its operations, so this is no error.
 */
export function send(socket: WebSocket, message: string, maxBufferedBytes: number, logger: Logger): Promise<void> {
  return new Promise((resolve) => {
    if (socket.readyState === socket.OPEN && socket.bufferedAmount > maxBufferedBytes) {
      drop(socket, 'a WebSocket client that stopped reading', logger);
    }
    if (socket.readyState !== socket.OPEN) return resolve();
    socket.send(message, () => resolve());
  });
}

export function drop(socket: WebSocket, client: string, logger: Logger): void {
  logger.warn({ bufferedBytes: socket.bufferedAmount }, `dropped ${client}`);
  socket.terminate();
}
