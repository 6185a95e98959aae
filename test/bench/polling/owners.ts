import { quantile } from '../statistics.ts';
import { learned, meanDelay, ownerless, play, type Contender } from './contenders.ts';
import { delayOf, mean } from './goals.ts';
import { equals, largeAlone, nameOf, pairs, smallAlone, together, type Pair } from './owner-workloads.ts';
import type { Result } from './simulate.ts';
import type { Arrival, Workload } from './workloads.ts';

/** How fair the polls are shared between a small owner and a large one. Delays in seconds. */
type Compared = {
  alone: Delays;
  /** Alone, with half of the polls. */
  half: Delays;
  beside: Delays;
  /** Beside the large one, if the polls were not shared between owners. */
  ownerless: Delays;
  /** Of the large one: beside the small one, and alone with the polls that the small one leaves. */
  large: { beside: number; left: number; ownerless: number };
};
type Delays = { median: number; mean: number };

const limit = 20;
const isSmall = ({ owner }: Arrival): boolean => owner.startsWith('small');
const isLarge = ({ owner }: Arrival): boolean => owner === 'large';

export async function compareOwners(seeds: readonly number[]): Promise<void> {
  console.log(
    '| small beside large | small, alone | small, not shared | **small** | large, not shared | **large** | large, alone |',
  );
  console.log('|---|---|---|---|---|---|---|');
  const verdicts: string[] = [];
  for (const pair of pairs) {
    const compared = await compare(pair, seeds);
    console.log(lineOf(pair, compared));
    verdicts.push(...judge(pair, compared));
  }
  verdicts.push(verdict(equals.what, '÷ not shared', 1.1, await besideOwnerless(seeds.slice(0, 2))));
  console.log(`\n| to reach | at most | reached | |\n|---|---|---|---|\n${verdicts.join('\n')}`);
}

async function compare(pair: Pair, seeds: readonly number[]): Promise<Compared> {
  const all = (workload: Workload, contender?: Contender): Promise<Result[]> => playAll(workload, seeds, contender);
  const beside = await all(together(pair));
  const unshared = await all(together(pair), ownerless);
  const shareOfLarge = mean(beside.map(({ callsFor }) => shareOf('large', callsFor)));
  const left = await all(largeAlone(pair, limit * shareOfLarge));
  return {
    alone: delaysOf(await all(smallAlone(pair)), isSmall),
    half: delaysOf(await all({ ...smallAlone(pair), limit: limit / 2 }), isSmall),
    beside: delaysOf(beside, isSmall),
    ownerless: delaysOf(unshared, isSmall),
    large: {
      beside: delaysOf(beside, isLarge).mean,
      left: delaysOf(left, isLarge).mean,
      ownerless: delaysOf(unshared, isLarge).mean,
    },
  };
}

async function playAll(workload: Workload, seeds: readonly number[], contender = learned): Promise<Result[]> {
  const results: Result[] = [];
  for (const seed of seeds) results.push(await play(workload, contender, seed));
  return results;
}

function shareOf(owner: string, calls: ReadonlyMap<string, number>): number {
  return (calls.get(owner) ?? 0) / [...calls.values()].reduce((sum, count) => sum + count, 0);
}

function delaysOf(results: readonly Result[], counts: (arrival: Arrival) => boolean): { median: number; mean: number } {
  const medians = results.map(({ found }) =>
    quantile(
      found.filter(({ arrival }) => counts(arrival)).map(({ delay }) => delay),
      0.5,
    ),
  );
  return { median: mean(medians), mean: mean(results.map((result) => meanDelay(result, counts))) };
}

function lineOf(pair: Pair, { alone, beside, ownerless: unshared, large }: Compared): string {
  const ofSmall = [alone, unshared, beside].map(
    ({ median, mean: average }) => `${rounded(median)} / ${rounded(average)}`,
  );
  const ofLarge = [large.ownerless, large.beside, large.left].map(rounded);
  return `| ${[nameOf(pair), ...ofSmall, ...ofLarge].join(' | ')} |`;
}

/** Five images a second alone take all polls that there are: such an owner asks for more than half of them, and gets half. */
function judge(pair: Pair, { alone, half, beside, large }: Compared): string[] {
  const name = nameOf(pair);
  const ofLarge = verdict(name, 'large ÷ with the polls that are left', 1.3, large.beside / large.left);
  if (pair.small > 1) return [verdict(name, 'small ÷ alone with half', 1.15, beside.mean / half.mean), ofLarge];
  const ofSmall = (['median', 'mean'] as const).map((what) =>
    verdict(name, `small, ${what}, s`, Math.max(2 * alone[what], alone[what] + 0.5), beside[what]),
  );
  return [...ofSmall, ofLarge];
}

async function besideOwnerless(seeds: readonly number[]): Promise<number> {
  return delayOf(await playAll(equals, seeds)) / delayOf(await playAll(equals, seeds, ownerless));
}

function verdict(name: string, what: string, atMost: number, reached: number): string {
  const word = reached <= atMost ? 'met' : 'NOT MET';
  return `| ${name}: ${what} | ${rounded(atMost)} | ${rounded(reached)} | ${word} |`;
}

function rounded(value: number): number {
  return Number(value.toPrecision(3));
}
