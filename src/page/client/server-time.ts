import { boundedFetch } from './bounded-fetch.ts';

/** The header has whole seconds, and an answer takes its time: what is less than this is no difference. */
const toleranceMs = 2_000;

/** A `fetch` that tells how far the gateway's clock is ahead of this computer's, where that can be told. */
export function fetchTellingTime(onAhead: (ms: number) => void): typeof fetch {
  return async (...request) => {
    const response = await boundedFetch(...request);
    const ahead = Date.parse(response.headers.get('date') ?? '') - Date.now();
    if (!Number.isNaN(ahead))
      onAhead(Math.abs(ahead) < toleranceMs ? 0 : Math.round(ahead / toleranceMs) * toleranceMs);
    return response;
  };
}
