const second = 1_000;
const minute = 60 * second;
const hour = 60 * minute;

/** After the first try, after the second, and so on: about a day in all. */
const pausesMs = [
  5 * second,
  30 * second,
  2 * minute,
  10 * minute,
  30 * minute,
  hour,
  2 * hour,
  4 * hour,
  6 * hour,
  8 * hour,
];
const dayMs = 24 * hour;

/** Deliveries that failed together must not come back together. */
const jitter = 0.1;

/** A delivery is tried for a day, and for as long as jitter may have made its last pause. */
export const maxAgeMs = dayMs + jitter * Math.max(...pausesMs);

export type Failed = {
  /** 1 for the first try. */
  attempt: number;
  ageMs: number;
  retryAfterMs: number | null;
};

/** null when there is no further try. A receiver's Retry-After can move a try, but not past the day. */
export function retryPauseMs({ attempt, ageMs, retryAfterMs }: Failed): number | null {
  const scheduled = pausesMs[attempt - 1];
  if (scheduled === undefined) return null;
  const pause = Math.max(
    Math.round(scheduled * (1 + jitter * Math.random())),
    Math.min(retryAfterMs ?? 0, dayMs - ageMs),
  );
  return ageMs + pause > maxAgeMs ? null : pause;
}

/** RFC 9110: seconds or a date. null when it is neither. */
export function parseRetryAfter(text: string | null, now: number): number | null {
  if (text === null) return null;
  if (/^\d{1,9}$/.test(text)) return Number(text) * second;
  const at = Date.parse(text);
  return Number.isNaN(at) ? null : Math.max(0, at - now);
}
