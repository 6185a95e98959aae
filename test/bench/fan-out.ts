import { v7 as createId } from 'uuid';
import { systemClock } from '../../src/kit/clock.ts';
import { silentLogger } from '../../src/kit/logger.ts';
import { createChangeAnnouncer } from '../../src/store/change-announcer.ts';
import { insertAdoptedTask } from '../../src/store/insert-task.ts';
import { moveTask } from '../../src/store/move-task.ts';
import { alternate } from './alternate.ts';
import { benchAccount, localOwner, startBenchGateway, type BenchGateway } from './bench-gateway.ts';
import type { Benchmark, Row } from './benchmark.ts';
import { machineMs } from './machine-clock.ts';
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
    await using gateway = await startBenchGateway();
    using load = startSocketLoad(`${gateway.url.replace('http', 'ws')}/graphql`);
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
async function watched(gateway: BenchGateway, load: SocketLoad, count: number): Promise<() => Promise<Delivery>> {
  const { database } = gateway;
  const announcer = createChangeAnnouncer(database, 'benchmark', { clock: systemClock, logger: silentLogger });
  const id = createId();
  const upstreamTaskId = `4-AigcImage-${id}`;
  await insertAdoptedTask(database, { id, owner: localOwner, account: benchAccount, kind: 'IMAGE', upstreamTaskId });
  await load.subscribe(
    id,
    watchTask,
    Array.from({ length: count }, () => id),
  );

  return async () => {
    const cpuBefore = process.cpuUsage();
    const moved = await moveTask(database, id, {
      guard: { states: ['submitted'] },
      move: { state: 'submitted', status: 'RUN', failure: null, message: null, requestId: null },
    });
    const committedAt = machineMs();
    if (moved === null) throw new Error('The watched task could not be moved.');
    announcer.changed(moved);
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
