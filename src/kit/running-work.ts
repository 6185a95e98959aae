/** Work that has to end before its room is disposed of. */
export type RunningWork = {
  track<Result>(work: Promise<Result>): Promise<Result>;
  readonly size: number;
  /** Also waits for work that was begun meanwhile. Never rejects. */
  ended(): Promise<void>;
};

export function createRunningWork(): RunningWork {
  const running = new Set<Promise<unknown>>();
  return {
    track(work) {
      const tracked = work.finally(() => running.delete(tracked));
      running.add(tracked);
      return tracked;
    },
    get size() {
      return running.size;
    },
    async ended() {
      while (running.size > 0) await Promise.allSettled(running);
    },
  };
}
