import { createCompletionModel } from '../../../src/domain/learning/completion-model.ts';
import { quantile } from '../statistics.ts';
import { simulate, type Result, type Strategy } from './simulate.ts';
import {
  backOff,
  fixedInterval,
  freshModels,
  growingWithAge,
  learnedIndex,
  roundRobin,
  roundRobinFrom,
} from './strategies.ts';
import type { Arrival, Workload } from './workloads.ts';

export type Contender = { paced: boolean; create(workload: Workload): Strategy | Promise<Strategy> };

export const everyTwoSeconds: Contender = { paced: false, create: () => fixedInterval(2) };
export const everyFiveSeconds: Contender = { paced: false, create: () => fixedInterval(5) };
export const inTurn: Contender = { paced: true, create: roundRobin };
export const learned: Contender = { paced: true, create: ({ priors }) => learnedIndex(freshModels(priors)) };
/** The same, as if all tasks were one owner's. */
export const ownerless: Contender = {
  paced: true,
  create: ({ priors }) => learnedIndex(freshModels(priors), () => 'all'),
};
export const withPriorsTimes = (factor: number): Contender => ({
  paced: true,
  create: ({ priors }) => learnedIndex(freshModels(priors, factor)),
});
/** The same index after another run of the workload: what it could do if it knew the laws from the start. */
export const taught: Contender = {
  paced: true,
  async create(workload) {
    const teachers = freshModels(workload.priors);
    await simulate(workload, { seed: 1_000, strategy: learnedIndex(teachers), paced: true });
    return learnedIndex(
      workload.priors.map((prior, index) => createCompletionModel(prior, teachers[index]?.saved() ?? {})),
    );
  },
};

/** What a careful engineer would write: the first two families know nothing, the last is told the law's true quantile. */
export const classics: readonly Contender[] = [
  ...[1.3, 1.5, 2].map((factor): Contender => ({ paced: true, create: () => backOff(factor) })),
  ...[0.1, 0.2, 0.4, 0.8].map((share): Contender => ({ paced: true, create: () => growingWithAge(share) })),
  ...[0.1, 0.25].map((share): Contender => ({
    paced: true,
    create: (workload) => roundRobinFrom(trueQuantiles(workload, share)),
  })),
];

const sampleSize = 4_000;

function trueQuantiles(workload: Workload, share: number): (arrival: Arrival) => number {
  const sample: Arrival[] = [];
  for (const arrival of workload.arrivals(999)) if (sample.push(arrival) >= sampleSize) break;
  const byModel = workload.priors.map((_, model) => {
    const lengths = sample.filter((arrival) => arrival.model === model).map(({ at, endsAt }) => endsAt - at);
    return lengths.length === 0 ? 0 : quantile(lengths, share);
  });
  return ({ model }) => byModel[model] ?? 0;
}

export async function play(workload: Workload, contender: Contender, seed: number): Promise<Result> {
  const strategy = await contender.create(workload);
  return await simulate(workload, { seed, strategy, paced: contender.paced });
}

export const watchedWeight = 10;

/** Mean seconds from upstream done to seen; a task counts with its weight. */
export function meanDelay({ found }: Result, counts: (arrival: Arrival) => boolean = () => true): number {
  let [sum, weights] = [0, 0];
  for (const { arrival, delay } of found) {
    if (!counts(arrival)) continue;
    const weight = arrival.weight * (arrival.watched ? watchedWeight : 1);
    sum += weight * delay;
    weights += weight;
  }
  return sum / weights;
}
