import type { Dispatcher } from 'undici';
import type { Clock } from '../kit/clock.ts';

/** Given, because an abort without a reason makes an exception with its stack. */
const answered = 'answered';

const maxBodyBytes = 1024 * 1024; // a real answer has a few kilobytes

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
 * Posts once to `/` and reads the whole answer; `timeoutMs` counts from the connect on. Throws an ExchangeError.
 *
 * How far the request came is known from undici: it calls `onRequestStart` when a connection stands, TLS included, and writes
 * the request in the same turn. Before that nothing was sent; afterwards something may have been.
 *
 * Nothing is written twice. Over HTTP/1.1 without pipelining, undici (8.12) requeues a request only before it was started or
 * after it was aborted; over HTTP/2 it repeats streams, so the pools don't use that. And a second start, or a start after
 * this call was given up, is refused here before the write.
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
        over.abort(answered);
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
