import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Clock } from '../clock.ts';
import type { Logger } from '../logger.ts';
import type { Metrics } from './metrics.ts';
import { pathOf, routeOf } from './paths.ts';

/** What somebody did wrong is told no more often: anybody may do it without end. */
const tellRefusedMs = 1_000;

/** Measures every request, and logs those that failed. Neither query strings nor bodies are logged: they hold prompts. */
export function createRequestLog({ logger, metrics, clock }: { logger: Logger; metrics: Metrics; clock: Clock }) {
  let refused = 0;
  let toldRefusedAt = -Infinity;

  /** `refused`: how many there were since the last such line. */
  function logRefused(line: object): void {
    refused += 1;
    const now = clock.monotonic();
    if (now - toldRefusedAt < tellRefusedMs) return logger.debug(line, 'a request was refused');
    logger.info({ ...line, refused }, 'requests were refused');
    [refused, toldRefusedAt] = [0, now];
  }

  return (request: IncomingMessage, response: ServerResponse): void => {
    const startedAt = clock.monotonic();
    const path = pathOf(request);
    const method = request.method ?? '';
    response.once('close', () => {
      const seconds = (clock.monotonic() - startedAt) / 1_000;
      const status = response.statusCode;
      const line = { method, path: loggable(path), status, seconds, finished: response.writableFinished };
      if (status >= 500) logger.warn(line, 'a request failed');
      else if (status >= 400) logRefused(line);
      else logger.debug(line, 'a request was answered');
      if (isEventStream(response)) return;
      metrics.httpRequest({ route: routeOf(path), method, status: String(status), seconds });
    });
  };
}

/** Somebody may have put a key or a token where it doesn't belong. Ids and names of files are shorter than those. */
function loggable(path: string): string {
  return path.slice(0, 200).replace(/[\w.~-]{50,}/g, '…');
}

function isEventStream(response: ServerResponse): boolean {
  return String(response.getHeader('content-type')).startsWith('text/event-stream');
}
