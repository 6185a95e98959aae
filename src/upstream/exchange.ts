import type { Dispatcher } from 'undici';
import type { Clock } from '../kit/clock.ts';

// A real answer is a few kilobytes.
const maxBodyBytes = 1024 * 1024;

/** `date` by the server's clock, if it sent one. */
export type HttpAnswer = { statusCode: number; body: Buffer; date?: string | undefined };

export class ExchangeError extends Error {
  override readonly name = 'ExchangeError';
  /** TIMED_OUT, ABORTED, BODY_TOO_LARGE, or the transport's own, e.g. ECONNREFUSED. */
  readonly code: string;
  /** Whether even one byte of the request may have left. */
  readonly mayHaveArrived: boolean;

  constructor(code: string, mayHaveArrived: boolean, cause: unknown) {
    super(`No answer: ${code}.`, { cause });
    this.code = code;
    this.mayHaveArrived = mayHaveArrived;
  }
}

/**
 * Posts once to `/` and reads the whole answer; `timeoutMs` is for everything from the connect on. Throws an
 * ExchangeError.
 *
 * undici itself says how far the request came: it calls `onRequestStart` when a connection stands, TLS included, and
 * writes the request in the same turn. Until then nothing was sent; from then on something may have been.
 *
 * Nothing is written twice. Over HTTP/1.1 without pipelining, undici (8.12) returns a request to its queue only before it
 * was started or after it was aborted (over HTTP/2 it does repeat streams, so the pools don't use it). In any case, a
 * second start, or a start after this call was given up, is refused here before the write.
 */
export async function exchange(
  dispatcher: Dispatcher,
  request: { headers: Record<string, string>; body: string },
  limits: { clock: Clock; timeoutMs: number; signal?: AbortSignal | undefined },
): Promise<HttpAnswer> {
  const { clock, timeoutMs, signal } = limits;
  if (signal?.aborted) throw new ExchangeError('ABORTED', false, signal.reason);

  const { promise, resolve, reject } = Promise.withResolvers<HttpAnswer>();
  const over = new AbortController();
  let started: Dispatcher.DispatchController | null = null;
  let statusCode = 0;
  let date: string | undefined;
  let bodyBytes = 0;
  const chunks: Buffer[] = [];

  const fail = (code: string, cause: unknown): void => {
    if (over.signal.aborted) return;
    over.abort();
    reject(new ExchangeError(code, started !== null, cause));
    started?.abort(new Error(code));
  };

  signal?.addEventListener('abort', () => fail('ABORTED', signal.reason), { signal: over.signal });
  clock.sleep(timeoutMs, over.signal).then(
    () => fail('TIMED_OUT', undefined),
    () => undefined, // the exchange was over first
  );

  dispatcher.dispatch(
    { path: '/', method: 'POST', idempotent: false, ...request },
    {
      onRequestStart(controller) {
        if (over.signal.aborted || started !== null) return controller.abort(new Error('Refused to send.'));
        started = controller;
      },
      onResponseStart(_controller, status, headers) {
        statusCode = status; // of the last one: 1xx come before
        date = typeof headers['date'] === 'string' ? headers['date'] : undefined;
      },
      onResponseData(_controller, chunk) {
        bodyBytes += chunk.length;
        if (bodyBytes > maxBodyBytes) fail('BODY_TOO_LARGE', undefined);
        else chunks.push(chunk);
      },
      onResponseEnd() {
        over.abort();
        resolve({ statusCode, body: Buffer.concat(chunks), date });
      },
      onResponseError(_controller, error) {
        fail(codeOf(error), error);
      },
    },
  );
  return promise;
}

function codeOf(error: Error): string {
  return 'code' in error && typeof error.code === 'string' ? error.code : error.name;
}
