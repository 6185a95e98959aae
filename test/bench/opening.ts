import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { v7 as createId } from 'uuid';
import { z } from 'zod';
import { systemClock } from '../../src/kit/clock.ts';
import { insertAdoptedTask } from '../../src/store/insert-task.ts';
import { alternate } from './alternate.ts';
import { startBareGraphQLWs } from './bare-graphql-ws.ts';
import { benchAccount, localOwner, startBenchGateway, type BenchGateway } from './bench-gateway.ts';
import type { Benchmark } from './benchmark.ts';
import { machineMs } from './machine-clock.ts';
import { startSocketLoad, type SocketLoad } from './socket-load.ts';
import { watchTask } from './watch-task-document.ts';

const crowdSize = 2_000;
const rounds = 5;
const crowd = crowdSize.toLocaleString('en');

/** Milliseconds until each subscriber has been told its task, and what each then keeps of the heap, in kB. */
type Opening = { ms: number; heap: number };

export const opening: Benchmark = {
  name: 'opening',
  description:
    `${crowd} WebSockets that each subscribe to a task, beside the same with graphql-ws as it comes, which knows the ` +
    'document already, checks nothing and reads nothing',

  async run() {
    await using gateway = await startBenchGateway();
    await using bare = await startBareGraphQLWs();
    using load = startSocketLoad(`${gateway.url.replace('http', 'ws')}/graphql`);
    using bareLoad = startSocketLoad(bare.url);
    const taskId = await insertTask(gateway);
    const open = () => openCrowd(load, taskId);
    const openBare = () => openCrowd(bareLoad, taskId);

    await alternate(1, open, openBare); // warms up
    const { measured, beside } = await alternate(rounds, open, openBare);
    const what = 'bare graphql-ws';
    return [
      {
        what: `${crowd} subscriptions, the last has its task after`,
        unit: 'ms',
        samples: measured.map(({ ms }) => ms),
        beside: { what, samples: beside.map(({ ms }) => ms) },
      },
      {
        what: 'heap of each idle subscriber',
        unit: 'kB',
        samples: measured.map(({ heap }) => heap),
        beside: { what, samples: beside.map(({ heap }) => heap) },
      },
    ];
  },
};

async function openCrowd(load: SocketLoad, taskId: string): Promise<Opening> {
  const before = liveHeap();
  const startedAt = machineMs();
  await load.subscribe('crowd', watchTask, taskId, crowdSize);
  const ms = machineMs() - startedAt;
  const heap = (liveHeap() - before) / crowdSize / 1_000;
  await load.leave('crowd');
  // What the crowd leaves behind is not to be missing from the next one's figures.
  await systemClock.sleep(500);
  return { ms, heap };
}

async function insertTask({ database }: BenchGateway): Promise<string> {
  const id = createId();
  const task = { id, owner: localOwner, account: benchAccount, kind: 'IMAGE' } as const;
  await insertAdoptedTask(database, { ...task, upstreamTaskId: `4-AigcImage-${id}` });
  return id;
}

/** Bytes, after what can be collected was. */
function liveHeap(): number {
  setFlagsFromString('--expose-gc');
  z.function().parse(runInNewContext('gc'))();
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}
