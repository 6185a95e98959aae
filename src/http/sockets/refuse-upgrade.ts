import { type IncomingMessage, ServerResponse } from 'node:http';
import type { Clock } from '../../kit/clock.ts';
import { answerRefusal } from '../request/answer-refusal.ts';
import type { RefusedRequest } from '../request/refused-request.ts';
import { setSecurityHeaders } from '../request/security-headers.ts';

export type ObserveRequest = (request: IncomingMessage, response: ServerResponse) => void;

/** Answers a handshake like any other refused request; node:http has released its connection. */
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
