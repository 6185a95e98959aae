import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Clock } from '../../kit/clock.ts';
import type { Logger } from '../../kit/logger.ts';
import type { Metrics } from '../metrics.ts';
import { loggable } from './loggable.ts';
import { pathOf, routeOf } from './paths.ts';
import { createLogThrottle } from '../../kit/log-throttle.ts';

/** Measures every request, and logs failed ones. Logs neither query strings nor bodies: they contain prompts. */
export function createRequestLog({ logger, metrics, clock }: { logger: Logger; metrics: Metrics; clock: Clock }) {
  const throttle = createLogThrottle(clock);

  function logRefused(line: object): void {
    const refused = throttle();
    if (refused === null) logger.debug(line, 'a request was refused');
    else logger.info({ ...line, refused }, 'requests were refused');
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

function isEventStream(response: ServerResponse): boolean {
  return String(response.getHeader('content-type')).startsWith('text/event-stream');
}
