import { createSurvivalCurve, type SurvivalCurve } from './survival-curve.ts';

/** One memory's curve as it is stored; `score` says how well it has predicted lately. */
export type SavedCurve = {
  memory: number;
  score: number;
  events: readonly number[];
  exposure: readonly number[];
};

/** The same observations with different memories: drifting times want a short one, steady times a long one. */
export type AdaptiveCurve = {
  readonly best: SurvivalCurve;
  survived(fromAge: number, toAge: number): void;
  ended(fromAge: number, toAge: number): void;
  saved(): SavedCurve[];
};

/** The score is a moving average over some fifty observations: the logarithm of the probability given to what happened. */
const scoreKept = 0.98;
const minChance = 1e-4;

export function createAdaptiveCurve(
  priorMedian: number,
  memories: readonly [number, ...number[]],
  saved: readonly SavedCurve[] = [],
): AdaptiveCurve {
  const [first, ...others] = memories.map((memory) => {
    const known = saved.find((candidate) => candidate.memory === memory);
    const { events, exposure } = known ?? {};
    const curve = createSurvivalCurve({ priorMedian, memory, ...(events && exposure && { events, exposure }) });
    return { memory, curve, score: known?.score ?? 0 };
  });
  if (first === undefined) throw new Error('A curve needs a memory.');
  const candidates = [first, ...others];
  let best = first;

  function judge(chance: (curve: SurvivalCurve) => number): void {
    for (const candidate of candidates) {
      const log = Math.log(Math.max(minChance, chance(candidate.curve)));
      candidate.score = scoreKept * candidate.score + (1 - scoreKept) * log;
      if (candidate.score > best.score) best = candidate;
    }
  }
  for (const candidate of candidates) if (candidate.score > best.score) best = candidate;

  return {
    get best() {
      return best.curve;
    },
    survived(fromAge, toAge) {
      judge((curve) => curve.staying(fromAge, toAge));
      for (const { curve } of candidates) curve.survived(fromAge, toAge);
    },
    ended(fromAge, toAge) {
      judge((curve) => 1 - curve.staying(fromAge, toAge));
      for (const { curve } of candidates) curve.ended(fromAge, toAge);
    },
    saved: () =>
      candidates.map(({ memory, score, curve }) => ({
        memory,
        score,
        events: curve.events,
        exposure: curve.exposure,
      })),
  };
}
