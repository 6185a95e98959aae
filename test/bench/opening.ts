import { systemClock } from '../../src/kit/clock.ts';
import { alternate } from './alternate.ts';
import type { Benchmark, Row } from './benchmark.ts';
import { liveHeap } from './garbage.ts';
import { type LiveServer, startLiveBareGraphQLWs, startLiveGateway } from './live-servers.ts';
import { machineMs } from './machine-clock.ts';
import { sameEvents } from './same-events.ts';
import { startSocketLoad, type SocketLoad } from './socket-load.ts';
import { quantile } from './statistics.ts';
import { watchTask } from './watch-task-document.ts';

const crowdSize = 10_000;
const rounds = 3;
const changes = 5;
const crowd = crowdSize.toLocaleString('en');

/** Milliseconds until the last one has its task and then a change of it, and what each keeps of the heap meanwhile, in kB. */
type Crowd = { openedMs: number; toldMs: number; heap: number };

export const opening: Benchmark = {
  name: 'opening',
  description:
    `${crowd} WebSockets that each subscribe to a task, and changes of it, beside the same with graphql-ws as it comes, ` +
    'which knows the document already, checks nothing and reads nothing',
  run: () => measureCrowds(),
};

export async function measureCrowds(size = crowdSize): Promise<Row[]> {
  await using gateway = await startLiveGateway();
  await using bare = await startLiveBareGraphQLWs();
  using load = startSocketLoad(gateway.url);
  using bareLoad = startSocketLoad(bare.url);
  await sameEvents({ server: gateway, load }, { server: bare, load: bareLoad });

  await alternate(
    1,
    () => openCrowd(gateway, load, 1_000),
    () => openCrowd(bare, bareLoad, 1_000),
  ); // warms up
  const { measured, beside } = await alternate(
    rounds,
    () => openCrowd(gateway, load, size),
    () => openCrowd(bare, bareLoad, size),
  );
  const row = (what: string, unit: string, of: (crowd: Crowd) => number): Row => ({
    what,
    unit,
    samples: measured.map(of),
    beside: { what: 'bare graphql-ws', samples: beside.map(of) },
  });
  return [
    row(`${size.toLocaleString('en')} subscriptions, the last has its task after`, 'ms', ({ openedMs }) => openedMs),
    row('one change, the last of them has it after', 'ms', ({ toldMs }) => toldMs),
    row('heap of each while nothing happens', 'kB', ({ heap }) => heap),
  ];
}

export async function openCrowd(server: LiveServer, load: SocketLoad, size: number): Promise<Crowd> {
  const taskId = await server.addTask();
  const before = liveHeap();
  const startedAt = machineMs();
  const opened = await load.subscribe(
    'crowd',
    watchTask,
    Array.from({ length: size }, () => taskId),
  );
  const heap = (liveHeap() - before) / size / 1_000;
  const delays: number[] = [];
  for (let change = 0; change < changes; change += 1) {
    const { at: changedAt } = await server.change(taskId);
    const told = await load.arrivals('crowd');
    delays.push(Math.max(...told.map(({ at }) => at)) - changedAt);
  }
  await load.leave('crowd');
  // What the crowd leaves behind is not to be missing from the next one's figures.
  await systemClock.sleep(500);
  return { openedMs: Math.max(...opened.map(({ at }) => at)) - startedAt, toldMs: quantile(delays, 0.5), heap };
}
