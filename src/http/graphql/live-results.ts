import { iteratorEnd } from '../../kit/prompt-iterator.ts';
import type { SharedEvents } from './shared-events.ts';

/**
 * What becomes of the events of one subscription. One iterator, where other executors have three and a generator for each
 * event: there are thousands of subscriptions, and they are idle for most of their lives. A class, so that an idle one keeps
 * no closures. It has one reader.
 */
export class LiveResults<Answer> implements AsyncIterableIterator<Answer, undefined> {
  readonly #source: AsyncIterator<unknown>;
  readonly #events: SharedEvents<Answer>;
  #onEnd: (() => void) | null;

  /** `onEnd` is called once, however it ends. */
  constructor(source: AsyncIterator<unknown>, events: SharedEvents<Answer>, onEnd: () => void) {
    this.#source = source;
    this.#events = events;
    this.#onEnd = onEnd;
  }

  /** What is executed when its reader leaves is not for it any more. */
  async next(): Promise<IteratorResult<Answer, undefined>> {
    try {
      const event = await this.#source.next();
      if (event.done !== true && this.#isRunning()) {
        const executed = this.#events.execute(event.value);
        const value = executed instanceof Promise ? await executed : executed;
        if (this.#isRunning()) return { done: false, value };
      }
    } catch (error) {
      this.#end();
      throw error;
    }
    this.#end();
    return iteratorEnd;
  }

  /** Resolves at once: it does not wait for the event that next() waits for. */
  async return(): Promise<IteratorResult<Answer, undefined>> {
    this.#end();
    await this.#source.return?.();
    return iteratorEnd;
  }

  [Symbol.asyncIterator]() {
    return this;
  }

  #isRunning(): boolean {
    return this.#onEnd !== null;
  }

  #end(): void {
    this.#onEnd?.();
    this.#onEnd = null;
  }
}
