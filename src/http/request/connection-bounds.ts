import type { ServerOptions, ServerResponse } from 'node:http';
import type { Logger } from '../../kit/logger.ts';

/** What one connection may cost in time. All in milliseconds. */
export type ConnectionTimes = {
  /** For the headers of a request, and before the first one. */
  headersMs: number;
  /** For receiving a request. Answering one may take as long as it takes. */
  requestMs: number;
  /** How often these two are looked at. */
  checkMs: number;
  keepAliveMs: number;
  /** For a client to take some more of an answer that waits for it. */
  stalledMs: number;
};

export const usualTimes: ConnectionTimes = {
  headersMs: 10_000,
  requestMs: 30_000,
  checkMs: 1_000,
  // Longer than load balancers keep idle connections (60 s), so that none sends into one that was just closed.
  keepAliveMs: 65_000,
  stalledMs: 30_000,
};

/** Also room for long tokens. */
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

/**
 * Cuts off a client that has stopped taking its answer. Node itself lets it keep answer and connection for ever. Any
 * byte that leaves counts as progress, so that slow readers are served to the end.
 */
export function boundSending(response: ServerResponse, stalledMs: number, logger: Logger): void {
  response.setTimeout(stalledMs, () => {
    if (response.writableLength > 0) {
      logger.warn('dropped a client that stopped reading its answer');
      response.destroy();
    } else {
      // Nothing is waiting for the client: the answer is still being worked on.
      response.setTimeout(stalledMs);
    }
  });
}
