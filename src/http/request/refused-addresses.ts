import type { IncomingMessage } from 'node:http';
import type { Clock } from '../../kit/clock.ts';
import type { Logger } from '../../kit/logger.ts';
import { loggable } from './loggable.ts';
import type { RefusedRequest } from './refused-request.ts';
import { createSparseLines } from './sparse-lines.ts';

export type LogRefusedAddress = (request: IncomingMessage, refusal: RefusedRequest) => void;

/**
 * Tells what an operator can set for requests that were refused for their Origin or their Host: behind a proxy that hands
 * on something else than it was sent, that is the operator's own page.
 */
export function createRefusedAddressLog({ logger, clock }: { logger: Logger; clock: Clock }): LogRefusedAddress {
  const countUntold = createSparseLines(clock);
  return ({ headers }, { remedy }) => {
    if (remedy === null) return;
    const line = {
      origin: asLogged(headers.origin),
      host: asLogged(headers.host),
      forwardedHost: asLogged(headers['x-forwarded-host']),
    };
    const refused = countUntold();
    if (refused === null) logger.debug(line, remedy);
    else logger.warn({ ...line, refused }, remedy);
  };
}

function asLogged(value: string | string[] | undefined): string | null {
  return value === undefined ? null : loggable(String(value));
}
