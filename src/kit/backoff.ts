export type Backoff = {
  /** Twice the previous pause, up to the maximum. */
  nextMs(): number;
  reset(): void;
};

export function createBackoff({ firstMs, maxMs }: { firstMs: number; maxMs: number }): Backoff {
  let pauseMs = firstMs;
  return {
    nextMs() {
      const now = pauseMs;
      pauseMs = Math.min(2 * pauseMs, maxMs);
      return now;
    },
    reset: () => void (pauseMs = firstMs),
  };
}
