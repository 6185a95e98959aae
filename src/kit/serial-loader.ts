import DataLoader from 'dataloader';

/**
 * Loads one key at once; those that are asked for meanwhile wait for that, and are loaded together then. A crowd takes one
 * connection, not all of them. Nothing is kept: what is answered was read after it was asked for.
 */
export function createSerialLoader<Key, Value>(
  load: (keys: readonly Key[]) => Promise<Value[]>,
): Pick<DataLoader<Key, Value>, 'load'> {
  let last: Promise<unknown> = Promise.resolve();

  function loadNext(keys: readonly Key[]): Promise<Value[]> {
    const loading = load(keys);
    last = loading.catch(() => {});
    return loading;
  }

  return new DataLoader<Key, Value>(loadNext, {
    cache: false,
    batchScheduleFn: (dispatch) => void last.then(dispatch),
  });
}
