/** The smallest value that at least this share of the values does not exceed. */
export function quantile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((one, other) => one - other);
  const value = sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)];
  if (value === undefined) throw new Error('Nothing was measured.');
  return value;
}

export function median(values: readonly number[]): number {
  return quantile(values, 0.5);
}

/** The quotient of each round: what disturbs the machine for a while disturbs both sides of it. */
export function ratios(samples: readonly number[], beside: readonly number[]): number[] {
  return samples.map((sample, round) => sample / (beside[round] ?? Number.NaN));
}
