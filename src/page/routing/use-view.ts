import { useMemo, useSyncExternalStore } from 'react';
import { addressOf, parseView, type View } from './view.ts';

const moved = 'page:moved';

function subscribe(listen: () => void): () => void {
  const listening = new AbortController();
  addEventListener('popstate', listen, { signal: listening.signal });
  addEventListener(moved, listen, { signal: listening.signal });
  return () => listening.abort();
}

export function useView(): View {
  const query = useSyncExternalStore(subscribe, () => location.search);
  return useMemo(() => parseView(query), [query]);
}

/** `replace`: without an entry of its own in the browser's history, as while the user types. */
export function goTo(changes: Partial<View>, { replace = false } = {}): void {
  const address = addressOf({ ...parseView(location.search), ...changes });
  if (replace) history.replaceState(null, '', address);
  else history.pushState(null, '', address);
  dispatchEvent(new Event(moved));
}

/** Another filter also resets the page: the old list's cursors mean nothing in the new one. */
export function filterBy(changes: Partial<View>, options?: { replace: boolean }): void {
  goTo({ after: '', before: '', ...changes }, options);
}
