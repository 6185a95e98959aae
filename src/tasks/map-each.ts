import { createPromptIterator } from '../kit/prompt-iterator.ts';

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
