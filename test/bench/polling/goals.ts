import { meanDelay } from './contenders.ts';
import type { Result } from './simulate.ts';

/** What was measured of one workload, a result for each seed. */
export type Measured = {
  learned: readonly Result[];
  inTurn: readonly Result[];
  bestClassic: number | null;
  bound: number | null;
};

export type Goal = { workload: string; what: string; atMost: number; reached(measured: Measured): number | null };

export const mean = (values: readonly number[]): number =>
  values.reduce((sum, value) => sum + value, 0) / Math.max(1, values.length);

export const delayOf = (results: readonly Result[]): number => mean(results.map((result) => meanDelay(result)));
const watchedDelay = (results: readonly Result[]): number =>
  mean(results.map((result) => meanDelay(result, ({ watched }) => watched)));
export const refusedShare = (results: readonly Result[]): number =>
  mean(results.map(({ refused, calls }) => refused / calls));

const besideTurns = (workload: string, atMost: number): Goal => ({
  workload,
  what: '÷ round robin',
  atMost,
  reached: ({ learned, inTurn }) => delayOf(learned) / delayOf(inTurn),
});
const besideBound = (workload: string, atMost: number): Goal => ({
  workload,
  what: '÷ bound',
  atMost,
  reached: ({ learned, bound }) => (bound === null ? null : delayOf(learned) / bound),
});

export const goals: readonly Goal[] = [
  besideTurns('A', 0.72),
  besideTurns('B400', 0.58),
  besideTurns('B1000', 0.65),
  besideTurns('B3000', 0.74),
  besideBound('B400', 1.08),
  besideBound('B1000', 1.06),
  besideBound('B3000', 1.05),
  {
    workload: 'B1000w',
    what: 'watched ÷ round robin',
    atMost: 0.36,
    reached: ({ learned, inTurn }) => watchedDelay(learned) / watchedDelay(inTurn),
  },
  besideTurns('Bfifo', 0.18),
  besideTurns('C2', 0.5),
  besideTurns('C', 0.84),
  besideTurns('D', 0.33),
  {
    workload: 'D',
    what: '÷ best classic',
    atMost: 0.6,
    reached: ({ learned, bestClassic }) => (bestClassic === null ? null : delayOf(learned) / bestClassic),
  },
  { workload: 'E', what: 'watched, s', atMost: 4.5, reached: ({ learned }) => watchedDelay(learned) },
  ...['A', 'B400', 'B1000', 'B3000', 'B1000w', 'Bfifo', 'C', 'C2', 'D', 'AU', 'E'].map((workload): Goal => ({
    workload,
    what: 'refused, %',
    atMost: 0.1,
    reached: ({ learned }) => 100 * refusedShare(learned),
  })),
];
