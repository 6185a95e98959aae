import { iteratorEnd } from '../src/kit/prompt-iterator.ts';

/** The error that ended a stream, as its last event. */
class BrokenOff {
  readonly error: unknown;

  constructor(error: unknown) {
    this.error = error;
  }
}

/** What a subscription's field resolves. What happened is an event as it is, so that the same is one object to all subscribers. */
export type LiveEvent<Happening> = Happening | BrokenOff;

export function happeningOf<Happening>(event: LiveEvent<Happening>): Happening {
  if (event instanceof BrokenOff) throw event.error;
  return event;
}

/** The source's failure becomes its last event: a rejected next() would close the WebSocket with all its subscriptions. */
export function liveEvents<Happening>(
  source: AsyncIterable<Happening>,
): AsyncIterableIterator<LiveEvent<Happening>, undefined> {
  return new LiveEvents(source[Symbol.asyncIterator]());
}

class LiveEvents<Happening> implements AsyncIterableIterator<LiveEvent<Happening>, undefined> {
  readonly #source: AsyncIterator<Happening>;
  #failed = false;

  constructor(source: AsyncIterator<Happening>) {
    this.#source = source;
  }

  async next(): Promise<IteratorResult<LiveEvent<Happening>, undefined>> {
    if (this.#failed) return iteratorEnd;
    try {
      const next = await this.#source.next();
      return next.done === true ? iteratorEnd : next;
    } catch (error) {
      this.#failed = true;
      return { done: false, value: new BrokenOff(error) };
    }
  }

  async return(): Promise<IteratorResult<LiveEvent<Happening>, undefined>> {
    await this.#source.return?.();
    return iteratorEnd;
  }

  [Symbol.asyncIterator]() {
    return this;
  }
}
