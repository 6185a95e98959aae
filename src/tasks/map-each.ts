/** Not a generator: its return() would wait for a next() that is pending. */
export function mapEach<From, To>(
  source: AsyncIterableIterator<From, undefined>,
  map: (value: From) => To,
): AsyncIterableIterator<To, undefined> {
  return {
    async next() {
      const next = await source.next();
      return next.done === true ? next : { done: false, value: map(next.value) };
    },
    async return() {
      await source.return?.();
      return { done: true, value: undefined };
    },
    [Symbol.asyncIterator]() {
      return this;
    },
  };
}
