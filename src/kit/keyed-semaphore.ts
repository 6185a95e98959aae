import { createTurns, type Turns } from './round-robin.ts';

/** A lane for each key: so many of it are in at once, the others wait in order of arrival. */
export type Lanes = {
  /** Resolves when it is in, to what lets it out; rejects with the signal's reason when that comes first. */
  enter(key: string, signal: AbortSignal): Promise<() => void>;
  /** How many of a key wait. */
  waiting(key: string): number;
};

type Lane = { inside: number; turns: Turns };

export function createLanes(width: number): Lanes {
  const byKey = new Map<string, Lane>();

  function leave(key: string, lane: Lane): void {
    // Whoever is next takes over the place.
    if (lane.turns.next()) return;
    lane.inside -= 1;
    if (lane.inside === 0) byKey.delete(key);
  }

  return {
    async enter(key, signal) {
      const lane = byKey.get(key) ?? { inside: 0, turns: createTurns() };
      byKey.set(key, lane);
      if (lane.inside < width) lane.inside += 1;
      else await lane.turns.wait(key, signal);
      return () => leave(key, lane);
    },
    waiting: (key) => byKey.get(key)?.turns.waiting(key) ?? 0,
  };
}
