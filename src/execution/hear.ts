/** What a resolver may return for a value that comes later. */
export function isPromiseLike(value: unknown): value is PromiseLike<unknown> {
  return typeof value === 'object' && value !== null && 'then' in value && typeof value.then === 'function';
}

export function isIterable(value: unknown): value is Iterable<unknown> {
  return typeof value === 'object' && value !== null && Symbol.iterator in value;
}

/** For a value that nothing waits for any more: an unhandled rejection of a promise in it would end the process. */
export function hear(value: unknown): null {
  if (isPromiseLike(value)) value.then(hear, () => {});
  else if (isIterable(value)) hearRest(value[Symbol.iterator]());
  return null;
}

/** The same for all that an iterator has still to give. */
export function hearRest(iterator: Iterator<unknown>): void {
  try {
    for (let turn = iterator.next(); turn.done !== true; turn = iterator.next()) hear(turn.value);
  } catch {
    // The error before this one is the answer's.
  }
}
