import { alternate } from './alternate.ts';
import type { Benchmark, Row } from './benchmark.ts';
import { type LiveServer, startLiveGateway } from './live-servers.ts';
import { startSocketLoad, type SocketLoad } from './socket-load.ts';
import { quantile } from './statistics.ts';
import { watchTask } from './watch-task-document.ts';

const crowdSize = 1_000;
const rounds = 20;

/** Milliseconds from the commit of one change to its subscribers, and what telling them took of the processor. */
type Delivery = { first: number; median: number; last: number; cpu: number };

export const fanOut: Benchmark = {
  name: 'fan-out',
  description:
    `One change of a task that ${crowdSize.toLocaleString('en')} WebSockets watch, from its commit to them, ` +
    'beside one of a task that a single one watches',

  async run() {
    await using gateway = await startLiveGateway();
    using load = startSocketLoad(gateway.url);
    const toCrowd = await watched(gateway, load, crowdSize);
    const toOne = await watched(gateway, load, 1);

    await alternate(3, toCrowd, toOne); // warms up
    const { measured, beside } = await alternate(rounds, toCrowd, toOne);
    const row = (what: string, of: (delivery: Delivery) => number): Row => ({
      what: `change to ${crowdSize.toLocaleString('en')} subscribers, ${what}`,
      unit: 'ms',
      samples: measured.map(of),
      beside: { what: 'to 1', samples: beside.map(of) },
    });
    return [
      row('the first has it after', ({ first }) => first),
      row('half have it after', ({ median }) => median),
      row('the last has it after', ({ last }) => last),
      row("the gateway's processor time", ({ cpu }) => cpu),
    ];
  },
};

/** A task with so many watchers; each call changes it once more. */
async function watched(gateway: LiveServer, load: SocketLoad, count: number): Promise<() => Promise<Delivery>> {
  const id = await gateway.addTask();
  await load.subscribe(
    id,
    watchTask,
    Array.from({ length: count }, () => id),
  );

  return async () => {
    const cpuBefore = process.cpuUsage();
    const { at: committedAt } = await gateway.change(id);
    const delays = (await load.arrivals(id)).map(({ at }) => at - committedAt);
    const { user, system } = process.cpuUsage(cpuBefore);
    return {
      first: Math.min(...delays),
      median: quantile(delays, 0.5),
      last: Math.max(...delays),
      cpu: (user + system) / 1_000,
    };
  };
}
