import { createHash } from 'node:crypto';

export type Random = {
  /** 0 ≤ value < 1. */
  fraction(): number;
  between(low: number, high: number): number;
  /** low ≤ value ≤ high. */
  integer(low: number, high: number): number;
  logNormal(median: number, sigma: number): number;
  pick<Item>(items: readonly [Item, ...Item[]]): Item;
};

/** The same parts give the same numbers on every machine. Not for secrets. */
export function seededRandom(...parts: readonly (string | number)[]): Random {
  const next = smallFastCounter(createHash('sha256').update(parts.join('\u0000')).digest());
  const between = (low: number, high: number) => low + next() * (high - low);
  return {
    fraction: next,
    between,
    integer: (low, high) => Math.floor(between(low, high + 1)),
    logNormal: (median, sigma) => median * Math.exp(sigma * standardNormal(next)),
    pick: (items) => items[Math.floor(next() * items.length)] ?? items[0],
  };
}

/** The sfc32 generator: good enough for pictures and durations. */
function smallFastCounter(seed: Buffer): () => number {
  let a = seed.readInt32LE(0);
  let b = seed.readInt32LE(4);
  let c = seed.readInt32LE(8);
  let counter = seed.readInt32LE(12);
  return () => {
    const sum = (((a + b) | 0) + counter) | 0;
    counter = (counter + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = (((c << 21) | (c >>> 11)) + sum) | 0;
    return (sum >>> 0) / 2 ** 32;
  };
}

/** Box and Muller's transform. */
function standardNormal(next: () => number): number {
  return Math.sqrt(-2 * Math.log(1 - next())) * Math.cos(2 * Math.PI * next());
}
