import { freshModels, learnedIndex } from './strategies.ts';
import { mean } from './goals.ts';
import { simulate } from './simulate.ts';
import type { Workload } from './workloads.ts';

const foreign = { from: 700, to: 1_300, perSecond: 10 };

/** The share of our calls that is refused while another program spends half of 20 calls a second for ten minutes. */
export async function refusedWhileShared(workload: Workload, seeds: readonly number[]): Promise<number> {
  const shares = [];
  for (const seed of seeds) {
    const strategy = learnedIndex(freshModels(workload.priors));
    const { meanwhile } = await simulate(workload, { seed, strategy, paced: true, foreign });
    shares.push(meanwhile.refused / meanwhile.calls);
  }
  return mean(shares);
}
