import type { IncomingMessage } from 'node:http';
import type { HttpAccess } from '../request/access.ts';
import { type Cors, forbiddenOrigin } from '../request/cors.ts';
import { hostRefusal } from '../request/host.ts';
import { pathOf, paths } from '../request/paths.ts';
import { RefusedRequest, shuttingDown } from '../request/refused-request.ts';
import { asksForWebSocket } from './handshake.ts';

export type HandshakeCheckOptions = {
  access: Pick<HttpAccess, 'loopbackOnly'>;
  cors: Pick<Cors, 'isAllowedOrigin'>;
  /** Whether operations are taken. */
  isOpen(): boolean;
};

/** Refuses by a RefusedRequest. */
export type CheckHandshake = (request: IncomingMessage) => void;

/**
 * What every request for an upgrade has to pass, in the order of plain requests. A browser lets any page open a WebSocket
 * anywhere: nothing else stands between such a page and the caller's tasks.
 */
export function createHandshakeCheck({ access, cors, isOpen }: HandshakeCheckOptions): CheckHandshake {
  return (request) => {
    const refusal = hostRefusal(request, access);
    if (refusal) throw refusal;
    if (!asksForWebSocket(request)) throw otherProtocol();
    if (pathOf(request) !== paths.graphql) throw elsewhere();
    if (!isOpen()) throw shuttingDown();
    if (!cors.isAllowedOrigin(request)) throw forbiddenOrigin('Pages of other origins may not connect.');
  };
}

/** node:http has let go of the connection, and reads no request from it any more. Where it can, it is not even asked. */
function otherProtocol(): RefusedRequest {
  return new RefusedRequest(400, 'There is no upgrade but to a WebSocket: send the request without Upgrade.');
}

function elsewhere(): RefusedRequest {
  return new RefusedRequest(404, `No WebSocket is here: connect to ${paths.graphql}.`, { code: 'NOT_FOUND' });
}
