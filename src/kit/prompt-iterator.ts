export type IteratorSteps<Item> = {
  next(): Promise<IteratorResult<Item, undefined>>;
  end(): unknown;
};

export const iteratorEnd = { done: true, value: undefined } as const;

// An async generator's return() waits for a pending next(): a reader who left would stay subscribed until the next item.
export function createPromptIterator<Item>({ next, end }: IteratorSteps<Item>): AsyncIterableIterator<Item, undefined> {
  return {
    next,
    async return() {
      await end();
      return iteratorEnd;
    },
    [Symbol.asyncIterator]() {
      return this;
    },
  };
}

/** A mapping returns this for an item that the reader is not to get. */
export const leftOut: unique symbol = Symbol('left out');

/** A mapping of a mapping becomes one iterator: each layer would cost every item a turn and every waiting reader memory. */
export function mapEach<From, To>(
  source: AsyncIterator<From, undefined>,
  map: (value: From) => To | typeof leftOut,
): AsyncIterableIterator<To, undefined> {
  return isMapped(source) ? source.mapped(map) : new MappedIterator(source, map);
}

function isMapped<Item>(source: AsyncIterator<Item, undefined>): source is MappedIterator<unknown, Item> {
  return source instanceof MappedIterator;
}

class MappedIterator<From, To> implements AsyncIterableIterator<To, undefined> {
  readonly #source: AsyncIterator<From, undefined>;
  readonly #map: (value: From) => To | typeof leftOut;

  constructor(source: AsyncIterator<From, undefined>, map: (value: From) => To | typeof leftOut) {
    this.#source = source;
    this.#map = map;
  }

  mapped<Next>(map: (value: To) => Next | typeof leftOut): MappedIterator<From, Next> {
    return new MappedIterator(this.#source, (value) => {
      const item = this.#map(value);
      return item === leftOut ? leftOut : map(item);
    });
  }

  async next(): Promise<IteratorResult<To, undefined>> {
    for (;;) {
      const next = await this.#source.next();
      if (next.done === true) return next;
      const value = this.#map(next.value);
      if (value !== leftOut) return { done: false, value };
    }
  }

  async return(): Promise<IteratorResult<To, undefined>> {
    await this.#source.return?.();
    return iteratorEnd;
  }

  [Symbol.asyncIterator]() {
    return this;
  }
}
