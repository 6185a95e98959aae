import type { Benchmark, Row } from './benchmark.ts';
import { inTurn, learned, meanDelay, play } from './polling/contenders.ts';
import { timeDecisions } from './polling/decision-time.ts';
import { A, B400, C2, type Workload } from './polling/workloads.ts';

const seeds = [1, 2, 3];
const decisions = 2_000;

/** Which task to ask next, on a virtual clock. `test/bench/polling/main.ts` plays all workloads and contenders. */
export const polling: Benchmark = {
  name: 'polling',
  description: 'Seconds from upstream done to seen, played on a virtual clock; and what one decision costs',

  async run() {
    const rows = [];
    for (const workload of [A, B400, C2]) rows.push(await delays(workload));
    rows.push({
      what: 'one decision among 100,000 tasks of 20 models',
      unit: 'ms',
      samples: seeds.map(() => decisionMs(100_000)),
      beside: { what: 'among 1,000', samples: seeds.map(() => decisionMs(1_000)) },
    });
    rows.push({
      what: 'the same, of 10,000 owners',
      unit: 'ms',
      samples: seeds.map(() => decisionMs(100_000, 10_000)),
      beside: { what: 'of one owner', samples: seeds.map(() => decisionMs(100_000)) },
    });
    return rows;
  },
};

async function delays(workload: Workload): Promise<Row> {
  const samples: number[] = [];
  const beside: number[] = [];
  for (const seed of seeds) {
    samples.push(meanDelay(await play(workload, learned, seed)));
    beside.push(meanDelay(await play(workload, inTurn, seed)));
  }
  return {
    what: `delay, ${workload.name}: ${workload.what}`,
    unit: 's',
    samples,
    beside: { what: 'round robin', samples: beside },
  };
}

function decisionMs(tasks: number, owners = 1): number {
  return timeDecisions(tasks, 20, decisions, owners).reduce((sum, ms) => sum + ms, 0) / decisions;
}
