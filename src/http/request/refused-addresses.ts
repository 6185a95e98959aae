import type { IncomingMessage } from 'node:http';
import type { Clock } from '../../kit/clock.ts';
import type { Logger } from '../../kit/logger.ts';
import { loggable } from './loggable.ts';
import type { RefusedRequest } from './refused-request.ts';
import { createLogThrottle } from '../../kit/log-throttle.ts';

export type LogRefusedAddress = (request: IncomingMessage, refusal: RefusedRequest) => void;

/**
 * Logs what an operator can configure when a request is refused for its Origin or Host: behind a proxy that changes them,
 * it may come from the operator's own page.
 */
export function createRefusedAddressLog({ logger, clock }: { logger: Logger; clock: Clock }): LogRefusedAddress {
  const throttle = createLogThrottle(clock);
  return ({ headers }, { remedy }) => {
    if (remedy === null) return;
    const line = {
      origin: asLogged(headers.origin),
      host: asLogged(headers.host),
      forwardedHost: asLogged(headers['x-forwarded-host']),
    };
    const refused = throttle();
    if (refused === null) logger.debug(line, remedy);
    else logger.warn({ ...line, refused }, remedy);
  };
}

function asLogged(value: string | string[] | undefined): string | null {
  return value === undefined ? null : loggable(String(value));
}
