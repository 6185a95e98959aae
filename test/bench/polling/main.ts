/**
 * `node test/bench/polling/main.ts [--seeds 8] [workload…]`: which task to ask next, played on a virtual clock with the
 * policy and the pacer that the gateway uses, beside others under the same limits. Prints Markdown. All workloads with 8
 * seeds take a quarter of an hour. `owners` among the names: how the polls are shared between owners.
 */
import { parseArgs } from 'node:util';
import { boundOf } from './bounds.ts';
import {
  classics,
  everyFiveSeconds,
  everyTwoSeconds,
  inTurn,
  learned,
  play,
  taught,
  withPriorsTimes,
  type Contender,
} from './contenders.ts';
import { timeDecisions } from './decision-time.ts';
import { delayOf, goals, mean, type Measured } from './goals.ts';
import { compareOwners } from './owners.ts';
import { refusedWhileShared } from './shared-budget.ts';
import { A, B200, Bfifo, C2, workloads, type Workload } from './workloads.ts';

const { values, positionals } = parseArgs({
  options: { seeds: { type: 'string', default: '8' } },
  allowPositionals: true,
});
const seeds = Array.from({ length: Number(values.seeds) }, (_, index) => index + 1);
/** What isn't paced makes a hundred calls a task. */
const few = seeds.slice(0, 2);
const chosen = workloads.filter(({ name }) => positionals.length === 0 || positionals.includes(name));
/** What was learned wrong of a queue is dearer. */
const firstInFirstOut: readonly Workload[] = [Bfifo, C2];
const met: string[] = [];

if (chosen.length > 0) await compareAll();
if (positionals.length === 0 || positionals.includes('owners')) await compareOwners(few);
if (positionals.length === 0) await tellTheRest();

async function compareAll(): Promise<void> {
  console.log('| workload | every 2 s | every 5 s | round robin | best classic | learned | taught before | bound |');
  console.log('|---|---|---|---|---|---|---|---|');
  for (const workload of chosen) await compare(workload);
  console.log('\n| to reach | at most | reached | |\n|---|---|---|---|');
  for (const line of met) console.log(line);
}

async function tellTheRest(): Promise<void> {
  for (const workload of [A, B200]) {
    const refused = 100 * (await refusedWhileShared(workload, seeds));
    tell(workload.name, 'refused while half is spent elsewhere, %', 1, refused);
  }
  for (const owners of [1, 10_000]) {
    const what = `100,000 tasks of 20 models and ${owners} owners, mean ms`;
    tell('one decision', what, 0.5, mean(timeDecisions(100_000, 20, 5_000, owners)));
  }
}

async function compare(workload: Workload): Promise<void> {
  const all = async (contender: Contender, by: readonly number[] = seeds) => {
    const results = [];
    for (const seed of by) results.push(await play(workload, contender, seed));
    return results;
  };
  const [two, five] = [delayOf(await all(everyTwoSeconds, few)), delayOf(await all(everyFiveSeconds, few))];
  const classic = [];
  for (const contender of classics) classic.push(delayOf(await all(contender)));
  const measured: Measured = {
    learned: await all(learned),
    inTurn: await all(inTurn),
    bestClassic: Math.min(...classic),
    bound: boundOf(workload.name),
  };
  const knowing = delayOf(await all(taught));
  const delays = [two, five, delayOf(measured.inTurn), measured.bestClassic, delayOf(measured.learned), knowing];
  const cells = [...delays, measured.bound].map((delay) => (delay === null ? '–' : Number(delay.toPrecision(3))));
  console.log(`| ${workload.name} ${workload.what} | ${cells.join(' | ')} |`);
  for (const goal of goals.filter((candidate) => candidate.workload === workload.name)) {
    keep(workload.name, goal.what, goal.atMost, goal.reached(measured));
  }
  for (const factor of [0.25, 4]) {
    const reached = delayOf(await all(withPriorsTimes(factor))) / delayOf(measured.learned);
    keep(workload.name, `priors × ${factor} ÷ right ones`, firstInFirstOut.includes(workload) ? 1.12 : 1.05, reached);
  }
}

function keep(workload: string, what: string, atMost: number, reached: number | null): void {
  if (reached !== null) met.push(lineOf(workload, what, atMost, reached));
}

function tell(workload: string, what: string, atMost: number, reached: number): void {
  console.log(lineOf(workload, what, atMost, reached));
}

function lineOf(workload: string, what: string, atMost: number, reached: number): string {
  const verdict = reached <= atMost ? 'met' : 'NOT MET';
  return `| ${workload} ${what} | ${atMost} | ${Number(reached.toPrecision(3))} | ${verdict} |`;
}
