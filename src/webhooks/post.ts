import { OutboundError, type OutboundAnswer, type PublicRequests } from '../domain/outbound.ts';
import { parseRetryAfter } from './retry-schedule.ts';

export type PostResult = {
  /** null when no answer came. */
  statusCode: number | null;
  /** null when it was delivered. Safe to show to the owner. */
  error: string | null;
  isWorthRetrying: boolean;
  retryAfterMs: number | null;
};

export type Post = { url: string; headers: Record<string, string>; body: string };

const answerMs = 15_000;
/** How much of an answer's body is read, so that a short one does not end in a reset connection. */
const readBody = { maxBytes: 65_536, stallMs: 1_000 };
const gone = 410;
const busy = [429, 503];

/** Sends it once. Rejects with the signal's reason when that aborts; the receiver may have got it all the same. */
export async function post(
  requests: PublicRequests,
  { url, headers, body }: Post,
  now: () => number,
  signal: AbortSignal,
): Promise<PostResult> {
  try {
    using answer = await requests.send({
      url,
      method: 'POST',
      headers,
      body,
      headersTimeoutMs: answerMs,
      stallTimeoutMs: readBody.stallMs,
      timeoutMs: answerMs,
      signal,
    });
    await discardBody(answer);
    return resultOf(answer, now());
  } catch (error) {
    signal.throwIfAborted();
    if (!(error instanceof OutboundError)) throw error;
    return { statusCode: null, error: error.message, isWorthRetrying: error.retryable, retryAfterMs: null };
  }
}

function resultOf({ status, headers }: OutboundAnswer, now: number): PostResult {
  const delivered = status >= 200 && status < 300;
  return {
    statusCode: status,
    error: delivered ? null : describe(status),
    isWorthRetrying: !delivered && status !== gone,
    retryAfterMs: busy.includes(status) ? parseRetryAfter(headers.get('retry-after'), now) : null,
  };
}

function describe(status: number): string {
  if (status === gone) return `The receiver answered ${status}: it wants to hear no more.`;
  if (status >= 300 && status < 400) return `The receiver answered ${status}: redirects are not followed.`;
  return `The receiver answered ${status}.`;
}

async function discardBody({ body }: OutboundAnswer): Promise<void> {
  let bytes = 0;
  try {
    for await (const piece of body) {
      bytes += piece.byteLength;
      if (bytes >= readBody.maxBytes) return;
    }
  } catch {
    // The status has come, and only that counts.
  }
}
