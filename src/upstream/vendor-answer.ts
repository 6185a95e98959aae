import { z } from 'zod';
import { UpstreamCallError } from '../domain/upstream.ts';
import { cleanMessage } from './clean-message.ts';
import type { HttpAnswer } from './exchange.ts';
import type { Credentials } from './tc3-signature.ts';
import { vendorWord } from './vendor-text.ts';

export type VendorAnswer = { response: Record<string, unknown>; requestId: string | null };

const envelopeSchema = z.object({
  Response: z.looseObject({
    RequestId: vendorWord.nullable().catch(null),
    Error: z.unknown().optional(),
  }),
});
const errorSchema = z.object({
  Code: vendorWord.pipe(z.string().min(1)),
  Message: z.string().catch(''),
});

/**
 * Returns the content of `Response`. Throws an UpstreamCallError: `refused` for an error in the vendor's form with HTTP 200;
 * `no-answer` for anything else, whose sender may be a proxy that does not know what became of the call.
 */
export function readVendorAnswer(action: string, answer: HttpAnswer, credentials: Credentials): VendorAnswer {
  const envelope = envelopeSchema.safeParse(parseJson(answer.body));
  const response = envelope.data?.Response ?? null;
  const requestId = response?.RequestId ?? null;
  const error = errorSchema.safeParse(response?.Error).data ?? null;
  const reason = error === null ? '' : cleanMessage(error.Message, credentials);

  if (answer.statusCode !== 200) {
    const details = error === null ? '' : `: ${error.Code}: ${reason}`;
    const message = `${action} was answered with HTTP ${answer.statusCode}${details}`;
    throw new UpstreamCallError('no-answer', `HTTP_${answer.statusCode}`, message, { requestId });
  }
  if (error !== null) throw new UpstreamCallError('refused', error.Code, reason || error.Code, { requestId });
  if (response === null || (response.Error !== undefined && response.Error !== null)) {
    throw invalidBody(action, requestId);
  }
  return { response, requestId };
}

export function invalidBody(action: string, requestId: string | null): UpstreamCallError {
  const message = `${action} was answered with something that is no answer to it. It may have been carried out.`;
  return new UpstreamCallError('no-answer', 'INVALID_BODY', message, { requestId });
}

function parseJson(body: Buffer): unknown {
  try {
    return JSON.parse(new TextDecoder().decode(body));
  } catch {
    return undefined;
  }
}
