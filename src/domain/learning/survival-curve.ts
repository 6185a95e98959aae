import { priorHazard } from './prior-hazard.ts';

/**
 * How long something takes, learned from polls that only say "not yet" or "over by now": the hazard on bins of time (events
 * over exposure, smoothed), with a prior that weighs as much as one task. All ages are in seconds. The curve is rebuilt when
 * new observations make up 5 %, so that reads stay cheap.
 */
export type SurvivalCurve = {
  readonly events: readonly number[];
  readonly exposure: readonly number[];
  survived(fromAge: number, toAge: number): void;
  /** It ended between two ages. Older observations count a little less from then on. */
  ended(fromAge: number, toAge: number): void;
  /** The share that lasts longer than an age. */
  survival(age: number): number;
  /** Of those that have reached `fromAge`, the share that lasts until `toAge`. */
  staying(fromAge: number, toAge: number): number;
  /** How much longer those that have reached an age take on average. */
  remaining(age: number): number;
  /** The age by which `share` of those that have reached `age` are over. */
  quantile(share: number, age: number): number;
};

export type CurveOptions = {
  /** Of a lognormal, in seconds. */
  priorMedian: number;
  memory: number;
  events?: readonly number[];
  exposure?: readonly number[];
};

/** Steps of 0.5 s up to 5 s, then of 10 % up to 55 h: 122 bins, the last one without an end. */
export const binEdges: Float64Array = (() => {
  const found = Array.from({ length: 11 }, (_, index) => index / 2);
  while ((found.at(-1) ?? 0) < 55 * 3_600) found.push((found.at(-1) ?? 0) * 1.1);
  return Float64Array.from(found);
})();
export const binCount = binEdges.length - 1;
const lastBin = binCount - 1;

const smoothing = [1, 2, 3, 2, 1].map((weight) => weight / 9);
const newShare = 0.05;

export function createSurvivalCurve(options: CurveOptions): SurvivalCurve {
  const prior = priorHazard(binEdges, options.priorMedian);
  const kept = 1 - 1 / options.memory;
  const events = options.events ? Float64Array.from(options.events) : new Float64Array(binCount);
  const exposure = options.exposure ? Float64Array.from(options.exposure) : new Float64Array(binCount);
  let observations = 0;
  let newObservations = 0;

  const hazard = new Float64Array(binCount);
  // At each edge: the hazard up to it, whose exponential is the survival; and the mean time that remains.
  const cumulative = new Float64Array(binCount + 1);
  const remaining = new Float64Array(binCount + 1);
  rebuild();

  function rebuild(): void {
    for (let bin = 0; bin < binCount; bin += 1) {
      const width = widthOf(bin);
      const rate = (smoothed(events, bin) + width * at(prior, bin)) / (smoothed(exposure, bin) + width);
      hazard[bin] = Math.max(rate, 1e-9);
      cumulative[bin + 1] = at(cumulative, bin) + at(hazard, bin) * width;
    }
    remaining[binCount] = 1 / at(hazard, lastBin);
    for (let bin = lastBin; bin >= 0; bin -= 1) remaining[bin] = remainingIn(bin, widthOf(bin));
    newObservations = 0;
  }

  function remainingIn(bin: number, toEdge: number): number {
    const rate = at(hazard, bin);
    const ending = -Math.expm1(-rate * toEdge);
    return ending / rate + (1 - ending) * at(remaining, bin + 1);
  }

  function hazardUntil(age: number): number {
    const bin = binOf(age);
    return at(cumulative, bin) + at(hazard, bin) * (age - at(binEdges, bin));
  }

  function staying(fromAge: number, toAge: number): number {
    return Math.exp(hazardUntil(fromAge) - hazardUntil(toAge));
  }

  function observed(): void {
    observations += 1;
    newObservations += 1;
    if (newObservations > newShare * observations) rebuild();
  }

  return {
    get events() {
      if (newObservations > 0) rebuild(); // What is stored is what the curve says.
      return [...events];
    },
    get exposure() {
      if (newObservations > 0) rebuild();
      return [...exposure];
    },

    survived(fromAge, toAge) {
      eachBin(fromAge, toAge, (bin, from, to) => (exposure[bin] = at(exposure, bin) + to - from));
      observed();
    },

    ended(fromAge, toAge) {
      // An expectation step: the end is spread over the bins in proportion to the curve so far.
      const whole = 1 - staying(fromAge, toAge);
      const flat = whole < 1e-9;
      const share = (from: number, to: number): number =>
        flat ? (to - from) / (toAge - fromAge) : (staying(fromAge, from) - staying(fromAge, to)) / whole;
      let later = 1;
      eachBin(fromAge, toAge, (bin, from, to) => {
        const here = share(from, to);
        later -= here;
        events[bin] = at(events, bin) + here;
        exposure[bin] = at(exposure, bin) + (to - from) * Math.max(0, later + here / 2);
      });
      for (let bin = 0; bin < binCount; bin += 1) {
        events[bin] = at(events, bin) * kept;
        exposure[bin] = at(exposure, bin) * kept;
      }
      observations *= kept;
      observed();
    },

    survival: (age) => Math.exp(-hazardUntil(age)),
    staying,

    remaining(age) {
      const bin = binOf(age);
      if (age >= at(binEdges, binCount)) return at(remaining, binCount);
      return remainingIn(bin, at(binEdges, bin + 1) - age);
    },

    quantile(share, age) {
      const wanted = hazardUntil(age) - Math.log(1 - share);
      let bin = binOf(age);
      while (bin < lastBin && at(cumulative, bin + 1) < wanted) bin += 1;
      return at(binEdges, bin) + (wanted - at(cumulative, bin)) / at(hazard, bin);
    },
  };
}

function eachBin(fromAge: number, toAge: number, visit: (bin: number, from: number, to: number) => void): void {
  for (let bin = binOf(fromAge); bin < binCount && at(binEdges, bin) < toAge; bin += 1) {
    const end = bin === lastBin ? toAge : Math.min(at(binEdges, bin + 1), toAge);
    const begin = Math.max(at(binEdges, bin), fromAge);
    if (end > begin) visit(bin, begin, end);
  }
}

function smoothed(values: ArrayLike<number>, bin: number): number {
  let sum = 0;
  for (let index = 0; index < smoothing.length; index += 1) sum += at(smoothing, index) * at(values, bin + index - 2);
  return sum;
}

function binOf(age: number): number {
  if (age < 5) return Math.max(0, Math.floor(age * 2));
  const guess = Math.min(10 + Math.floor(Math.log(age / 5) / Math.log(1.1)), lastBin);
  if (age < at(binEdges, guess)) return guess - 1;
  return guess < lastBin && age >= at(binEdges, guess + 1) ? guess + 1 : guess;
}

function widthOf(bin: number): number {
  return at(binEdges, bin + 1) - at(binEdges, bin);
}

function at(values: ArrayLike<number>, index: number): number {
  return values[index] ?? 0;
}
