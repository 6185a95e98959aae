export type IteratorSteps<Item> = {
  next(): Promise<IteratorResult<Item, undefined>>;
  /** Lets go of what the items come from. */
  end(): unknown;
};

export const iteratorEnd = { done: true, value: undefined } as const;

/**
 * An iterator whose return() is answered at once. That of an async generator waits for a next() that is pending, so that
 * a reader who left would stay subscribed until the next item.
 */
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

export function mapEach<From, To>(
  source: AsyncIterableIterator<From, undefined>,
  map: (value: From) => To,
): AsyncIterableIterator<To, undefined> {
  return createPromptIterator<To>({
    async next() {
      const next = await source.next();
      return next.done === true ? next : { done: false, value: map(next.value) };
    },
    end: () => source.return?.(),
  });
}
