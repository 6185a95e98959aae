/** What a subscription's field resolves: something that happened, or the error that ended the stream. */
export type LiveEvent<Happening> = { event: Happening } | { error: unknown };

/** For the field's resolver. Throws the error that ended the stream. */
export function happeningOf<Happening>(live: LiveEvent<Happening>): Happening {
  if ('error' in live) throw live.error;
  return live.event;
}

/**
 * A source whose failure is its last event. A rejected next() would close the whole WebSocket with all its other
 * subscriptions, or cut the response. Not an async generator: its return() would wait for a pending next(), so that a
 * caller who left would stay subscribed until the next change.
 */
export function liveEvents<Happening>(
  source: AsyncIterable<Happening>,
): AsyncIterableIterator<LiveEvent<Happening>, undefined> {
  const events = source[Symbol.asyncIterator]();
  const over = { done: true, value: undefined } as const;
  let failed = false;
  return {
    async next() {
      if (failed) return over;
      try {
        const result = await events.next();
        return result.done ? over : { done: false, value: { event: result.value } };
      } catch (error) {
        failed = true;
        return { done: false, value: { error } };
      }
    },
    async return() {
      await events.return?.();
      return over;
    },
    [Symbol.asyncIterator]() {
      return this;
    },
  };
}
