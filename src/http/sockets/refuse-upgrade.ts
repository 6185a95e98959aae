import { type IncomingMessage, ServerResponse } from 'node:http';
import type { Clock } from '../../kit/clock.ts';
import { answerRefusal } from '../request/answer-refusal.ts';
import type { RefusedRequest } from '../request/refused-request.ts';
import { setSecurityHeaders } from '../request/security-headers.ts';

/** Hears of each request that is being answered. */
export type ObserveRequest = (request: IncomingMessage, response: ServerResponse) => void;

/** Answers a handshake as every other request is refused, word by word; node:http has let go of its connection. */
export function refuseUpgrade(
  request: IncomingMessage,
  refusal: RefusedRequest,
  { observe, clock }: { observe: ObserveRequest; clock: Clock },
): void {
  const { socket } = request;
  const response = new ServerResponse(request);
  response.shouldKeepAlive = false;
  response.assignSocket(socket);
  observe(request, response);
  setSecurityHeaders(response);
  response.once('finish', () => socket.destroySoon());
  void answerRefusal(request, response, refusal, clock);
}
