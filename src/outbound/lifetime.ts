import type { Clock } from '../kit/clock.ts';
import { OutboundError } from '../domain/outbound.ts';

/** The time of one request and its response. */
export type Lifetime = {
  over: AbortSignal;
  /** Resolves with `work`; rejects when the lifetime ends first, which work that takes longer than `ms` makes it do. */
  limit<T>(ms: number, describe: (duration: string) => string, work: Promise<T>): Promise<T>;
  end(): void;
};

export function createLifetime(ms: number, signal: AbortSignal | undefined, clock: Clock): Lifetime {
  const ending = new AbortController();
  const over = ending.signal;

  function endAfter(limitMs: number, describe: (duration: string) => string, unless: AbortSignal): void {
    clock.sleep(limitMs, unless).then(
      () => ending.abort(new OutboundError('timed-out', describe(inWords(limitMs)))),
      () => undefined,
    );
  }

  const abort = () =>
    ending.abort(new OutboundError('aborted', 'The request was given up.', { cause: signal?.reason }));
  if (signal?.aborted) abort();
  signal?.addEventListener('abort', abort, { signal: over });
  endAfter(ms, (duration) => `It was not finished within ${duration}.`, over);

  return {
    over,
    async limit(limitMs, describe, work) {
      const done = new AbortController();
      const ended = Promise.withResolvers<never>();
      // One promise for each piece of work: reactions to a long-lived promise would keep every result in memory.
      over.addEventListener('abort', () => ended.reject(over.reason), { signal: done.signal });
      if (over.aborted) ended.reject(over.reason);
      endAfter(limitMs, describe, done.signal);
      try {
        return await Promise.race([work, ended.promise]);
      } finally {
        done.abort();
      }
    },
    end: () => ending.abort(new OutboundError('aborted', 'The request was given up.')),
  };
}

function inWords(ms: number): string {
  return ms < 120_000 ? `${ms / 1000} seconds` : `${Math.round(ms / 60_000)} minutes`;
}
