import { lowerBound, type KnownStream } from './lower-bound.ts';

/** Of the limit: what the pacer lets through. */
const paced = 0.97;

const image = { weight: 1, run: { median: 8, sigma: 0.5 } };
const audio = { perSecond: 2, weight: 1, wait: { mean: 3, stages: 1 } };
const busy = (mean: number): KnownStream[] => [{ ...image, perSecond: 12, wait: { mean, stages: 4 } }];

/** Of the workloads whose tasks neither wait for each other nor hang, by name; the limit is 20 a second for all. */
const streams: Record<string, readonly KnownStream[]> = {
  A: [{ ...image, perSecond: 2, wait: { mean: 2, stages: 1 } }],
  B400: busy(24),
  B1000: busy(74),
  B3000: busy(241),
  B1000w: [
    { ...image, perSecond: 9.6, wait: { mean: 74, stages: 4 } },
    { ...image, weight: 10, perSecond: 2.4, wait: { mean: 74, stages: 4 } },
  ],
  AU: [
    { ...audio, run: { median: 30, sigma: 0.5 } },
    { ...audio, run: { median: 60, sigma: 0.5 } },
  ],
};

/** null where none is known. */
export function boundOf(workload: string): number | null {
  const known = streams[workload];
  return known === undefined ? null : lowerBound(known, 20 * paced);
}
