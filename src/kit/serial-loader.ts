import DataLoader from 'dataloader';

// The first key is loaded at once, and those requested meanwhile together afterwards: a crowd takes one connection, not all
// of them. Nothing is cached, so an answer is never older than its request.
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
