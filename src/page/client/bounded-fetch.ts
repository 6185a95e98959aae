/** Longer than a gateway takes for anything: it may be configured to wait for a minute for what comes of a new task. */
const longestMs = 75_000;

/** Like `fetch`, but not for ever: rejects when no whole answer has come in time. */
export const boundedFetch: typeof fetch = (input, init) => {
  const overdue = new AbortController();
  setTimeout(() => overdue.abort(new DOMException('No answer came in time.', 'TimeoutError')), longestMs);
  const signals = [overdue.signal, ...(init?.signal ? [init.signal] : [])];
  return fetch(input, { ...init, signal: AbortSignal.any(signals) });
};
