import { boundedFetch } from './bounded-fetch.ts';

/** The header has whole seconds, and an answer takes its time: smaller differences don't count. */
const toleranceMs = 2_000;

/** A `fetch` that reports how far the gateway's clock is ahead of this computer's, where the answer shows it. */
export function fetchWithServerTime(onAhead: (ms: number) => void): typeof fetch {
  return async (...request) => {
    const response = await boundedFetch(...request);
    const ahead = Date.parse(response.headers.get('date') ?? '') - Date.now();
    if (!Number.isNaN(ahead))
      onAhead(Math.abs(ahead) < toleranceMs ? 0 : Math.round(ahead / toleranceMs) * toleranceMs);
    return response;
  };
}
