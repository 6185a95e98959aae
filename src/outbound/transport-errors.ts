import { errors } from 'undici';
import { OutboundError } from '../domain/outbound.ts';

const unreachable: Record<string, string> = {
  ENOTFOUND: 'The host name is not known.',
  ENODATA: 'The host name has no address.',
  ECONNREFUSED: 'The connection was refused.',
};

/** The message is for people who know only the URL; the details are its cause, for logs. */
export function asOutboundError(error: unknown, wasConnected: boolean): OutboundError {
  if (error instanceof OutboundError) return error;
  const code = codeOf(error);
  if (!wasConnected) return new OutboundError('not-connected', describeUnreachable(code), { cause: error });
  if (error instanceof errors.HeadersOverflowError)
    return new OutboundError('bad-answer', 'The head of the answer is too large.', { cause: error });
  if (error instanceof errors.HTTPParserError)
    return new OutboundError('bad-answer', 'The answer is no valid HTTP.', { cause: error });
  return new OutboundError('broken-off', 'The connection ended before the answer did.', { cause: error });
}

function describeUnreachable(code: string): string {
  if (code.includes('CERT') || code.includes('SSL')) return 'The TLS certificate or handshake was not accepted.';
  return unreachable[code] ?? 'No connection could be made.';
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : '';
}
