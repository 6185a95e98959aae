/** Longer than any answer of a gateway: CREATE_WAIT_MS may be a minute. */
const timeoutMs = 75_000;

/** Like `fetch`, but rejects when no complete answer has come in time. */
export const boundedFetch: typeof fetch = (input, init) => {
  const overdue = new AbortController();
  setTimeout(() => overdue.abort(new DOMException('No answer came in time.', 'TimeoutError')), timeoutMs);
  const signals = [overdue.signal, ...(init?.signal ? [init.signal] : [])];
  return fetch(input, { ...init, signal: AbortSignal.any(signals) });
};
