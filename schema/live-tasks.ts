import { createPromptIterator, iteratorEnd } from '../src/kit/prompt-iterator.ts';

/** An event, or the error that ended the stream. */
export type LiveEvent<Happening> = { event: Happening } | { error: unknown };

export function happeningOf<Happening>(live: LiveEvent<Happening>): Happening {
  if ('error' in live) throw live.error;
  return live.event;
}

/** The source's failure becomes its last event: a rejected next() would close the WebSocket with all its subscriptions. */
export function liveEvents<Happening>(
  source: AsyncIterable<Happening>,
): AsyncIterableIterator<LiveEvent<Happening>, undefined> {
  const events = source[Symbol.asyncIterator]();
  let failed = false;
  return createPromptIterator<LiveEvent<Happening>>({
    async next() {
      if (failed) return iteratorEnd;
      try {
        const result = await events.next();
        return result.done ? iteratorEnd : { done: false, value: { event: result.value } };
      } catch (error) {
        failed = true;
        return { done: false, value: { error } };
      }
    },
    end: () => events.return?.(),
  });
}
