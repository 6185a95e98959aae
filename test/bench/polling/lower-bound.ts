/** A stream of equal tasks whose laws are known. */
export type KnownStream = {
  perSecond: number;
  weight: number;
  /** Waiting: an Erlang law. */
  wait: { mean: number; stages: number };
  /** Running: a lognormal. */
  run: { median: number; sigma: number };
};

/** Grids: a tenth of a second, coarser for waits of minutes. */
const stepOf = ({ wait }: KnownStream): number => Math.max(0.1, wait.mean / 500);
const roundTrip = 0.08;

/**
 * Below this weighted mean delay no policy can come that knows the laws but not the single tasks' times, at a number of
 * calls a second. A price on each call takes the tasks apart; for each, dynamic programming finds the best moments to
 * ask, given what a poll tells (and more: when the run began, exactly). Any price gives a lower bound; the best is taken.
 */
export function lowerBound(streams: readonly KnownStream[], callsPerSecond: number): number {
  const weights = streams.reduce((sum, { perSecond, weight }) => sum + perSecond * weight, 0);
  const grids = streams.map((stream) => ({ stream, laws: tabulate(stream) }));
  const boundAt = (price: number): number => {
    const spent = grids.reduce((sum, { stream, laws }) => sum + stream.perSecond * leastCost(stream, laws, price), 0);
    return (spent - price * callsPerSecond) / weights + roundTrip / 2;
  };
  let [low, high] = [Math.log(1e-3), Math.log(1e3)];
  while (high - low > 0.02) {
    const [left, right] = [low + (high - low) * 0.382, low + (high - low) * 0.618];
    if (boundAt(Math.exp(left)) < boundAt(Math.exp(right))) low = left;
    else high = right;
  }
  return boundAt(Math.exp((low + high) / 2));
}

type Laws = { step: number; waitStays: Float64Array; runStays: Float64Array; runStaysSum: Float64Array };

function tabulate(stream: KnownStream): Laws {
  const { wait, run } = stream;
  const step = stepOf(stream);
  const waitPoints = Math.ceil((wait.mean * (1 + 9 / Math.sqrt(wait.stages))) / step);
  const runPoints = Math.ceil((run.median * Math.exp(5 * run.sigma)) / step);
  const runStays = Float64Array.from({ length: runPoints + 1 }, (_, index) => lognormalStays(index * step, run));
  return {
    step,
    waitStays: Float64Array.from({ length: waitPoints + 1 }, (_, index) => erlangStays(index * step, wait)),
    runStays,
    runStaysSum: integral(runStays, step),
  };
}

function leastCost({ weight }: KnownStream, laws: Laws, price: number): number {
  const { step, waitStays, runStays, runStaysSum } = laws;
  const running = costsWhileRunning(laws, weight, price);
  const runEnd = runStays.length - 1;
  /** Of a task whose run began this long before it is asked after: its delay until then, and what comes after. */
  const entered = (points: number): number => {
    const within = Math.min(points, runEnd);
    const delay = points * step - at(runStaysSum, within);
    return weight * delay + at(runStays, within) * at(running, within);
  };
  const horizon = waitStays.length - 1 + runEnd;
  const enteredAt = Float64Array.from({ length: horizon + 1 }, (_, points) => entered(points));
  const cost = new Float64Array(waitStays.length);
  /** For each moment of asking: what those cost that leave the queue between now and then. */
  const left = new Float64Array(horizon + 1);
  for (let now = waitStays.length - 1; now >= 0; now -= 1) {
    const leaving = at(waitStays, now) - at(waitStays, now + 1);
    let best = Number.POSITIVE_INFINITY;
    for (let then = now + 1; then <= horizon; then += 1) {
      left[then] = at(left, then) + (leaving * (at(enteredAt, then - now) + at(enteredAt, then - now - 1))) / 2;
      best = Math.min(best, at(left, then) + at(waitStays, then) * at(cost, then));
    }
    cost[now] = price + best / Math.max(at(waitStays, now), 1e-12);
  }
  return at(cost, 0);
}

function costsWhileRunning({ step, runStays, runStaysSum }: Laws, weight: number, price: number): Float64Array {
  const end = runStays.length - 1;
  const cost = new Float64Array(end + 1);
  const lastHazard = Math.log(at(runStays, end - 1) / at(runStays, end)) / step;
  cost[end] = price + Math.sqrt((2 * price * weight) / lastHazard);
  for (let now = end - 1; now >= 0; now -= 1) {
    const stays = at(runStays, now);
    let best = Number.POSITIVE_INFINITY;
    for (let then = now + 1; then <= end; then += 1) {
      const delay = (then - now) * step - (at(runStaysSum, then) - at(runStaysSum, now)) / stays;
      best = Math.min(best, weight * delay + (at(runStays, then) / stays) * at(cost, then));
      if (weight * delay > best) break;
    }
    cost[now] = price + best;
  }
  return cost;
}

function integral(values: Float64Array, step: number): Float64Array {
  const sums = new Float64Array(values.length);
  for (let index = 1; index < values.length; index += 1) {
    sums[index] = at(sums, index - 1) + (step * (at(values, index) + at(values, index - 1))) / 2;
  }
  return sums;
}

function erlangStays(age: number, { mean, stages }: KnownStream['wait']): number {
  const scaled = (age * stages) / mean;
  let [term, sum] = [1, 0];
  for (let stage = 0; stage < stages; stage += 1) {
    sum += term;
    term *= scaled / (stage + 1);
  }
  return sum * Math.exp(-scaled);
}

function lognormalStays(age: number, { median, sigma }: KnownStream['run']): number {
  if (age <= 0) return 1;
  const z = Math.log(age / median) / sigma;
  const tail = normalTail(Math.abs(z));
  return z > 0 ? tail : 1 - tail;
}

/** Abramowitz and Stegun 26.2.17. */
function normalTail(z: number): number {
  const t = 1 / (1 + 0.2316419 * z);
  const polynomial = t * (0.31938153 + t * (-0.356563782 + t * (1.781477937 + t * (-1.821255978 + t * 1.330274429))));
  return (polynomial * Math.exp((-z * z) / 2)) / Math.sqrt(2 * Math.PI);
}

/** Beyond the end nothing is left. */
function at(values: Float64Array, index: number): number {
  return values[index] ?? 0;
}
