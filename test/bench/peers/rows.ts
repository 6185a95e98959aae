import type { Row } from '../benchmark.ts';
import { creates } from '../creates.ts';
import { describes } from '../describes.ts';
import { measureIdleMemory } from '../idle-memory.ts';
import { measureCrowds } from '../opening.ts';
import { measureStarts } from '../measure-start.ts';
import { compareCosts, type ComparedCost } from '../scale.ts';
import { median } from '../statistics.ts';
import { measureSteadyDelivery } from '../steady-delivery.ts';
import { round } from '../table.ts';
import { throughput } from '../throughput.ts';
import type { Arena } from './arena.ts';
import type { Measure, Measured } from './goal.ts';
import { compareOneTask, comparePageAlone, comparePageCpu, comparePages, compareTypename } from './http-rows.ts';

export type Means = {
  /** Opened when it is first needed. */
  arena(): Promise<Arena>;
  /** How many tasks the large database of a list has. */
  tasks: number;
};

/** Rejects with the reason when the row can't be measured. */
export type PeerRow = Measure & { run(means: Means): Promise<Measured> };

/** The table, in the words in which its goals were set. */
export const rows: readonly PeerRow[] = [
  {
    measure: 'page of 50 with history, 16 connections, to mercurius + JIT + named statements',
    goal: '≥ 1.0',
    run: async ({ arena }) => await comparePages(await arena()),
  },
  {
    measure: 'same, server + PostgreSQL CPU to JSON by PostgreSQL',
    goal: '≤ 1.15',
    run: async ({ arena }) => await comparePageCpu(await arena()),
  },
  {
    measure: 'same, 1 connection, p50 to mercurius',
    goal: '≤ 1.0',
    run: async ({ arena }) => await comparePageAlone(await arena()),
  },
  {
    measure: '`task(id)`, 16 connections, to mercurius',
    goal: '≥ 1.0',
    run: async ({ arena }) => await compareOneTask(await arena()),
  },
  {
    measure: '`{__typename}` to a lean Yoga, 16 connections',
    goal: '≥ 0.85',
    run: async ({ arena }) => await compareTypename(await arena()),
  },
  {
    measure: 'creates at 16 connections to 1 connection (durable, answered)',
    goal: '≥ 5, with p50 at 1 connection ≤ 2 inserts',
    run: async () => measuredOf(await creates.run()),
  },
  {
    measure: 'any two or three filters, a page at 1,000,000 tasks to 10,000',
    goal: '≤ 3, and never over 100 ms',
    run: ({ tasks }) => measureFilters(tasks),
  },
  {
    measure: 'one change to 10,000 subscribers, last one, to bare graphql-ws',
    goal: '≤ 0.7',
    run: async () => measuredOf((await crowds()).slice(1, 2)),
  },
  {
    measure: 'opening 10,000 subscriptions to bare graphql-ws',
    goal: '≤ 1.5',
    run: async () => measuredOf((await crowds()).slice(0, 1)),
  },
  {
    measure: 'memory per idle subscriber',
    goal: '≤ 28 kB',
    run: async () => alone(measuredOf([await measureIdleMemory()])),
  },
  {
    measure: 'change → client at 500 changes/s, p99 beyond the commit itself',
    goal: '≤ 40 ms',
    run: async () => alone(measuredOf((await measureSteadyDelivery()).slice(1))),
  },
  {
    measure: 'tasks a second, created → sent → polled → ended, one process (limits raised)',
    goal: '≥ 300, and creates never starve sends',
    run: async () => alone(measuredOf(await throughput.run())),
  },
  {
    measure: 'Describe calls a second, 5,000 in flight, limit 1,000',
    goal: '≥ 950',
    run: async () => alone(measuredOf(await describes.run())),
  },
  {
    measure: 'start to ready, warm / cold',
    goal: '≤ 0.6 / ≤ 1.5 s',
    async run() {
      const { warmMs, coldMs } = await measureStarts();
      return alone({ value: [warmMs / 1_000, coldMs / 1_000] });
    },
  },
];

/** A figure of each row of another benchmark. */
function measuredOf(measuredRows: readonly Row[]): Measured {
  return {
    value: measuredRows.map(({ samples }) => median(samples)),
    beside: measuredRows.map(({ beside }) => median(beside.samples)),
  };
}

/** For an absolute goal. */
function alone({ value }: Pick<Measured, 'value'>): Measured {
  return { value, beside: value.map(() => null) };
}

/** Two rows are of the same crowds. */
let measuredCrowds: Promise<Row[]> | null = null;
const crowds = (): Promise<Row[]> => (measuredCrowds ??= measureCrowds());

const manyTasks = 1_000_000;

/**
 * Milliseconds: of the combination that grows most, and of the slowest one. Each the least of its rounds: the most of many
 * ratios would be that of whatever else the machine did.
 */
async function measureFilters(tasks: number): Promise<Measured> {
  const costs = (await compareCosts(tasks)).filter(({ filters }) => filters >= 2);
  const [steepest] = costs.toSorted((one, other) => growth(other) - growth(one));
  if (steepest === undefined) throw new Error('there is no such combination');
  const slowestMs = Math.max(...costs.map(({ leastMs }) => leastMs));
  const measured = { value: [steepest.leastMs, slowestMs], beside: [steepest.few.leastMs, null] };
  if (tasks >= manyTasks) return measured;
  const figures = [...measured.value, steepest.few.leastMs].map(round).join(', ');
  throw new Error(
    `${tasks.toLocaleString('en')} tasks are too few (ms by ${steepest.name}, slowest, beside: ${figures})`,
  );
}

function growth({ leastMs, few }: ComparedCost): number {
  return leastMs / few.leastMs;
}
