import type { ServerOptions, ServerResponse } from 'node:http';
import type { Logger } from '../../kit/logger.ts';

/** All in milliseconds. */
export type ConnectionTimes = {
  /** For the headers of a request, and before the first one. */
  headersMs: number;
  /** For receiving a request; answering it is not limited. */
  requestMs: number;
  checkMs: number;
  keepAliveMs: number;
  /** For a client to read some more of a response that waits for it. */
  stalledMs: number;
};

export const defaultConnectionTimes: ConnectionTimes = {
  headersMs: 10_000,
  requestMs: 30_000,
  checkMs: 1_000,
  // Longer than load balancers keep idle connections (60 s), so that none of them uses one that was just closed.
  keepAliveMs: 65_000,
  stalledMs: 30_000,
};

const maxHeaderBytes = 16 * 1024;

export function connectionOptions(times: ConnectionTimes): ServerOptions {
  return {
    headersTimeout: times.headersMs,
    requestTimeout: times.requestMs,
    connectionsCheckingInterval: times.checkMs,
    keepAliveTimeout: times.keepAliveMs,
    maxHeaderSize: maxHeaderBytes,
  };
}

/** Cuts off a client that has stopped reading, which Node never does. Any byte counts as progress: slow readers are served. */
export function boundSending(response: ServerResponse, stalledMs: number, logger: Logger): void {
  response.setTimeout(stalledMs, () => {
    if (response.writableLength > 0) {
      logger.warn('dropped a client that stopped reading its answer');
      response.destroy();
    } else {
      // The response is still being prepared.
      response.setTimeout(stalledMs);
    }
  });
}
