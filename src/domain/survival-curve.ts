/**
 * How long something takes, learned from looks that only tell "not yet" or "over by now": hazard on bins of time, as
 * events over exposure, smoothed, begun with a prior that weighs as much as one task (polling.md, "Life").
 */
export type SurvivalCurve = {
  readonly events: readonly number[];
  readonly exposure: readonly number[];
  /** It was not over between two ages, in seconds. */
  survived(fromAge: number, toAge: number): void;
  /** It ended somewhere between two ages. Older observations count a little less from then on. */
  ended(fromAge: number, toAge: number): void;
  /** The share that lasts longer than an age. */
  survival(age: number): number;
  /** The age by which `share` of those are over that have reached `age`. */
  quantile(share: number, age: number): number;
};

/** 0.5 s steps up to 5 s, then 10 % up to 55 h: 118 bins. */
const edges: readonly number[] = (() => {
  const found = Array.from({ length: 11 }, (_, index) => index / 2);
  while ((found.at(-1) ?? 0) < 55 * 3_600) found.push((found.at(-1) ?? 0) * 1.1);
  return found;
})();
export const binCount = edges.length - 1;
const nothingYet = Array.from({ length: binCount }, () => 0);
const smoothing = [1, 2, 3, 2, 1].map((weight) => weight / 9);

export type CurveOptions = {
  /** Median of the prior, a lognormal, in seconds. */
  priorMedian: number;
  /** Of how many completions the memory is. */
  memory: number;
  events?: readonly number[];
  exposure?: readonly number[];
};

const priorSigma = 0.9;

export function createSurvivalCurve(options: CurveOptions): SurvivalCurve {
  const events = Float64Array.from(options.events ?? nothingYet);
  const exposure = Float64Array.from(options.exposure ?? nothingYet);
  const prior = priorHazard(options.priorMedian);
  let curve: Float64Array | null = null;

  /** Survival at each edge. */
  function rebuilt(): Float64Array {
    if (curve !== null) return curve;
    curve = new Float64Array(edges.length);
    curve[0] = 1;
    for (let bin = 0; bin < binCount; bin += 1) {
      const width = widthOf(bin);
      const hazard = (smoothed(events, bin) + width * at(prior, bin)) / (smoothed(exposure, bin) + width);
      curve[bin + 1] = at(curve, bin) * Math.exp(-hazard * width);
    }
    return curve;
  }

  function survival(age: number): number {
    const survivals = rebuilt();
    const bin = binOf(age);
    const share = Math.min((age - at(edges, bin)) / widthOf(bin), 1);
    return at(survivals, bin) * (at(survivals, bin + 1) / Math.max(at(survivals, bin), Number.MIN_VALUE)) ** share;
  }

  function eachBin(fromAge: number, toAge: number, visit: (bin: number, overlap: number) => void): void {
    for (let bin = binOf(fromAge); bin < binCount && at(edges, bin) < toAge; bin += 1) {
      const overlap = Math.min(at(edges, bin + 1), toAge) - Math.max(at(edges, bin), fromAge);
      if (overlap > 0) visit(bin, overlap);
    }
  }

  return {
    get events() {
      return [...events];
    },
    get exposure() {
      return [...exposure];
    },

    survived(fromAge, toAge) {
      eachBin(fromAge, toAge, (bin, overlap) => (exposure[bin] = at(exposure, bin) + overlap));
      curve = null;
    },

    ended(fromAge, toAge) {
      // One step of expectation: the end is spread over the bins as the curve so far would have it.
      const parts: { bin: number; overlap: number; mass: number }[] = [];
      eachBin(fromAge, toAge, (bin, overlap) => {
        const from = Math.max(at(edges, bin), fromAge);
        parts.push({ bin, overlap, mass: Math.max(survival(from) - survival(from + overlap), 1e-12) });
      });
      let left = parts.reduce((sum, { mass }) => sum + mass, 0);
      const total = left;
      for (const { bin, overlap, mass } of parts) {
        left -= mass;
        events[bin] = at(events, bin) + mass / total;
        exposure[bin] = at(exposure, bin) + (overlap * (left + mass / 2)) / total;
      }
      for (let bin = 0; bin < binCount; bin += 1) {
        events[bin] = at(events, bin) * (1 - 1 / options.memory);
        exposure[bin] = at(exposure, bin) * (1 - 1 / options.memory);
      }
      curve = null;
    },

    survival,

    quantile(share, age) {
      const wanted = survival(age) * (1 - share);
      let [low, high] = [age, at(edges, binCount)];
      if (survival(high) >= wanted) return high;
      while (high - low > 0.001 * Math.max(high, 0.1)) {
        const middle = (low + high) / 2;
        if (survival(middle) > wanted) low = middle;
        else high = middle;
      }
      return high;
    },
  };
}

function priorHazard(median: number): number[] {
  return Array.from({ length: binCount }, (_, bin) => {
    const [from, to] = [lognormalSurvival(at(edges, bin), median), lognormalSurvival(at(edges, bin + 1), median)];
    return Math.log(Math.max(from, 1e-300) / Math.max(to, 1e-300)) / widthOf(bin);
  });
}

function lognormalSurvival(age: number, median: number): number {
  return age <= 0 ? 1 : 1 - normalDistribution(Math.log(age / median) / priorSigma);
}

/** Abramowitz and Stegun 26.2.17; off by less than 7.5e-8. */
function normalDistribution(z: number): number {
  const t = 1 / (1 + 0.2316419 * Math.abs(z));
  const polynomial = t * (0.31938153 + t * (-0.356563782 + t * (1.781477937 + t * (-1.821255978 + t * 1.330274429))));
  const tail = (Math.exp((-z * z) / 2) / Math.sqrt(2 * Math.PI)) * polynomial;
  return z > 0 ? 1 - tail : tail;
}

function smoothed(values: ArrayLike<number>, bin: number): number {
  return smoothing.reduce((sum, weight, index) => sum + weight * at(values, bin + index - 2), 0);
}

function binOf(age: number): number {
  if (age < 5) return Math.max(0, Math.floor(age * 2));
  const guess = 10 + Math.floor(Math.log(age / 5) / Math.log(1.1));
  return Math.min(age < at(edges, guess) ? guess - 1 : guess, binCount - 1);
}

function widthOf(bin: number): number {
  return at(edges, bin + 1) - at(edges, bin);
}

/** Beyond the ends there is nothing. */
function at(values: ArrayLike<number>, index: number): number {
  return values[index] ?? 0;
}
