import { z } from 'zod';
import { systemClock } from '../../src/kit/clock.ts';
import { alternate } from './alternate.ts';
import type { Benchmark, Row } from './benchmark.ts';
import { type Changed, type LiveServer, startLiveBareGraphQLWs, startLiveGateway } from './live-servers.ts';
import { machineMs } from './machine-clock.ts';
import { sameEvents } from './same-events.ts';
import { startSocketLoad, type SocketLoad } from './socket-load.ts';
import { quantile } from './statistics.ts';
import { watchTask } from './watch-task-document.ts';

const tasks = 500;
const changesPerSecond = 500;
/** Each task changes so often in a round. */
const changesEach = 4;
const rounds = 3;

export const steadyDelivery: Benchmark = {
  name: 'steady-delivery',
  description:
    `${tasks} tasks with a WebSocket each, ${changesPerSecond} changes a second, each from its commit to its subscriber, ` +
    'beside bare graphql-ws, which commits nothing',
  run: () => measureSteadyDelivery(),
};

type Delivery = { median: number; slowest: number };

export async function measureSteadyDelivery(): Promise<Row[]> {
  await using gateway = await startLiveGateway();
  await using bare = await startLiveBareGraphQLWs();
  using load = startSocketLoad(gateway.url);
  using bareLoad = startSocketLoad(bare.url);
  await sameEvents({ server: gateway, load }, { server: bare, load: bareLoad });
  const deliver = await watched(gateway, load);
  const deliverBare = await watched(bare, bareLoad);
  await alternate(1, deliver, deliverBare); // warms up
  const { measured, beside } = await alternate(rounds, deliver, deliverBare);
  const row = (what: string, of: (delivery: Delivery) => number): Row => ({
    what: `${changesPerSecond} changes a second, from the commit to the subscriber, ${what}`,
    unit: 'ms',
    samples: measured.map(of),
    beside: { what: 'bare graphql-ws', samples: beside.map(of) },
  });
  return [row('median', ({ median }) => median), row('99 of 100 within', ({ slowest }) => slowest)];
}

/** Each call changes each task some times, and tells how long each change took. */
async function watched(server: LiveServer, load: SocketLoad): Promise<() => Promise<Delivery>> {
  const ids = await Promise.all(Array.from({ length: tasks }, () => server.addTask()));
  await load.subscribe('crowd', watchTask, ids);
  return async () => {
    const changes = await changeSteadily(server, ids);
    const delays = await delaysOf(changes, load);
    return { median: quantile(delays, 0.5), slowest: quantile(delays, 0.99) };
  };
}

type Change = Changed & { id: string };

/** At its pace, whatever becomes of those before. */
async function changeSteadily(server: LiveServer, ids: readonly string[]): Promise<Change[]> {
  const startedAt = machineMs();
  const changing: Promise<Change>[] = [];
  for (let number = 0; number < ids.length * changesEach; number += 1) {
    const dueAt = startedAt + (number / changesPerSecond) * 1_000;
    const earlyMs = dueAt - machineMs();
    if (earlyMs > 0) await systemClock.sleep(earlyMs);
    const id = ids[number % ids.length] ?? '';
    changing.push(server.change(id).then((changed) => ({ ...changed, id })));
  }
  return await Promise.all(changing);
}

/** A subscriber may skip states: then it has a change with the next one. */
async function delaysOf(changes: readonly Change[], load: SocketLoad): Promise<number[]> {
  let waiting = changes;
  const delays: number[] = [];
  while (waiting.length > 0) {
    await systemClock.sleep(20);
    const events = (await load.arrived('crowd')).map(({ at, text }) => ({ at, ...eventOf(text) }));
    const byId = Map.groupBy(events, ({ id }) => id);
    waiting = waiting.filter(({ id, revision, at }) => {
      const arrival = byId.get(id)?.find((event) => event.revision >= revision);
      if (arrival) delays.push(arrival.at - at);
      return !arrival;
    });
  }
  return delays;
}

const taskSchema = z.object({ id: z.string(), revision: z.number() });
const eventSchema = z.object({ payload: z.object({ data: z.object({ taskStatus: taskSchema }) }) });

function eventOf(text: string): z.infer<typeof taskSchema> {
  return eventSchema.parse(JSON.parse(text)).payload.data.taskStatus;
}
