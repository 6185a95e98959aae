/** Of another clock's time beside this process's monotonic one: what has to be added lies between the two, in milliseconds. */
export type ClockOffset = { minMs: number; maxMs: number; measuredAt: number };

/** One reading of the other clock: when it was requested and answered, by the monotonic clock, and what it said. */
export type ClockReading = { askedAt: number; answeredAt: number; time: number };

/** By how much two clocks may part while neither is set: 100 millionths, more than crystals do. */
const maxDrift = 1e-4;

/**
 * What is known after one more reading, which was taken at some moment between request and answer. Readings that agree
 * narrow each other down, so that a slow answer spoils nothing; one that can't agree with those before it means that the
 * other clock was set, and is believed alone.
 */
export function offsetAfter(known: ClockOffset | null, { askedAt, answeredAt, time }: ClockReading): ClockOffset {
  const read = { minMs: time - answeredAt, maxMs: time - askedAt, measuredAt: answeredAt };
  if (known === null) return read;
  const driftMs = maxDrift * (answeredAt - known.measuredAt);
  const minMs = Math.max(read.minMs, known.minMs - driftMs);
  const maxMs = Math.min(read.maxMs, known.maxMs + driftMs);
  return minMs <= maxMs ? { minMs, maxMs, measuredAt: answeredAt } : read;
}

/** The likeliest. */
export function middleOf({ minMs, maxMs }: ClockOffset): number {
  return (minMs + maxMs) / 2;
}
