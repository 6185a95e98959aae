import { createTurns } from '../kit/round-robin.ts';
import type { Pacer } from './pacer.ts';

/** One request budget for the scheduler's own questions and for those of callers. */
export type SharedPacer = Pacer & {
  /**
   * For a caller's poll: at once while nothing else waits. Where the scheduler has tasks to poll, callers get
   * one call of ten, in turns between share groups, then between owners. Rejects with the signal's reason.
   */
  takeFor(owner: string, signal: AbortSignal, shareGroup?: string): Promise<void>;
  /** How many questions of an owner wait. */
  waiting(owner: string): number;
};

/** Calls of the scheduler for each one of a caller, while both wait. */
const ownForEachOfCallers = 9;
const scheduler = 'scheduler';

export function createSharedPacer(pacer: Pacer): SharedPacer {
  const own = createTurns();
  const ofCallers = createTurns();
  /** Since the last call of a caller. */
  let ownCalls = 0;
  let pacing: AbortController | null = null;

  function giveTurn(): void {
    const forCaller = own.size === 0 || ownCalls >= ownForEachOfCallers;
    if (forCaller && ofCallers.next()) {
      ownCalls = 0;
      return;
    }
    ownCalls += 1;
    own.next();
  }

  /** One at a time: the receiver of a call is chosen when it may be sent, not when it was requested. */
  async function pace(mine: AbortController): Promise<void> {
    const { signal } = mine;
    while (!signal.aborted && own.size + ofCallers.size > 0) {
      await pacer.take(signal).then(giveTurn, () => {});
    }
    if (pacing === mine) pacing = null;
  }

  async function wait(turn: Promise<void>): Promise<void> {
    if (pacing === null) void pace((pacing = new AbortController()));
    try {
      await turn;
    } finally {
      // No caller is left to send it: the call is not used up.
      if (own.size + ofCallers.size === 0) {
        pacing?.abort();
        pacing = null;
      }
    }
  }

  return {
    ...pacer,
    take: (signal) => wait(own.wait(scheduler, signal)),
    takeFor: (owner, signal, shareGroup) => wait(ofCallers.wait(owner, signal, shareGroup)),
    waiting: ofCallers.waiting,
  };
}
