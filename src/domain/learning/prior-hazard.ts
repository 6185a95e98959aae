/** Of a lognormal: how much completion times are assumed to differ until something was learned. */
const sigma = 0.9;

/** Of a lognormal completion time: the probability per second of ending, for each bin between two edges. */
export function priorHazard(edges: ArrayLike<number>, medianSeconds: number): Float64Array {
  const hazard = new Float64Array(edges.length - 1);
  for (let bin = 0; bin < hazard.length; bin += 1) {
    const [from, to] = [edges[bin] ?? 0, edges[bin + 1] ?? 0];
    hazard[bin] = (logSurvival(from, medianSeconds) - logSurvival(to, medianSeconds)) / (to - from);
  }
  return hazard;
}

/** Far out, the survival itself is too small for a number. */
function logSurvival(age: number, median: number): number {
  if (age <= 0) return 0;
  const z = Math.log(age / median) / sigma;
  return z > 0 ? logNormalTail(z) : Math.log1p(-Math.exp(logNormalTail(-z)));
}

/** Abramowitz and Stegun 26.2.17, for z ≥ 0, with an error below 7.5e-8. */
function logNormalTail(z: number): number {
  const t = 1 / (1 + 0.2316419 * z);
  const polynomial = t * (0.31938153 + t * (-0.356563782 + t * (1.781477937 + t * (-1.821255978 + t * 1.330274429))));
  return Math.log(polynomial) - (z * z) / 2 - Math.log(2 * Math.PI) / 2;
}
