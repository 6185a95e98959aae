const second = 1_000;
const minute = 60 * second;
const hour = 60 * minute;

/** After the first try, the second, and so on: about a day in all. */
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

/** So that what failed together doesn't come back together. */
const jitter = 0.1;

/** How old a delivery may be to be tried at all: a day, and as much as the last pause may be off. */
export const oldestMs = dayMs + jitter * Math.max(...pausesMs);

export type Failed = {
  /** 1 for the first try. */
  attempt: number;
  /** Since there was something to tell. */
  ageMs: number;
  /** What the receiver's Retry-After says. */
  retryAfterMs: number | null;
};

/**
 * In how many milliseconds to try again; null when it was tried often enough, or will be too old then. A receiver's wish
 * ends with the day.
 */
export function retryPauseMs({ attempt, ageMs, retryAfterMs }: Failed): number | null {
  const scheduled = pausesMs[attempt - 1];
  if (scheduled === undefined) return null;
  const pause = Math.max(
    Math.round(scheduled * (1 + jitter * Math.random())),
    Math.min(retryAfterMs ?? 0, dayMs - ageMs),
  );
  return ageMs + pause > oldestMs ? null : pause;
}

/** RFC 9110's Retry-After: seconds, or a date. null without one that can be read. */
export function parseRetryAfter(text: string | null, now: number): number | null {
  if (text === null) return null;
  if (/^\d{1,9}$/.test(text)) return Number(text) * second;
  const at = Date.parse(text);
  return Number.isNaN(at) ? null : Math.max(0, at - now);
}
