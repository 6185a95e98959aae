export type IteratorSteps<Item> = {
  next(): Promise<IteratorResult<Item, undefined>>;
  /** Releases the source of the items. */
  end(): unknown;
};

export const iteratorEnd = { done: true, value: undefined } as const;

/**
 * An iterator whose return() resolves at once. An async generator's waits for a pending next(), so that a reader who left
 * would stay subscribed until the next item.
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
