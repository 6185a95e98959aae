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
  isOpen(): boolean;
};

export type CheckHandshake = (request: IncomingMessage) => void;

/**
 * What a request for an upgrade has to pass, in the order of other requests. Browsers let any page open a WebSocket
 * anywhere: this check alone stands between such a page and the caller's tasks.
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

/** node:http reads no further request from such a connection. Newer versions don't pass it on at all. */
function otherProtocol(): RefusedRequest {
  return new RefusedRequest(400, 'There is no upgrade but to a WebSocket: send the request without Upgrade.');
}

function elsewhere(): RefusedRequest {
  return new RefusedRequest(404, `No WebSocket is here: connect to ${paths.graphql}.`, { code: 'NOT_FOUND' });
}
