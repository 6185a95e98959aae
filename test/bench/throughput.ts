import { setTimeout as pause } from 'node:timers/promises';
import type { Benchmark } from './benchmark.ts';
import { startBusyGateway, type BusyGateway } from './busy-gateway.ts';
import { createBody } from './create-burst.ts';
import { startHttpLoad } from './http-load.ts';
import { machineMs } from './machine-clock.ts';

const connections = 8;
const limit = 500;
const warmUpMs = 4_000;
const rounds = 4;
const roundMs = 3_000;
/** A picture takes about a second. */
const speed = 8;

type Counts = { created: number; sent: number; ended: number };

/** Each a second, once a round. */
type Throughput = Record<keyof Counts, number[]>;

/** Tasks through their whole life, while creates pour in as fast as they are answered. */
async function measureThroughput(): Promise<Throughput> {
  await using gateway = await startBusyGateway({ speed, limit });
  using load = startHttpLoad(`${gateway.url}/graphql`, connections);
  const bodies = Array.from({ length: 20_000 }, createBody);
  const pouring = load.post(bodies, { forMs: warmUpMs + rounds * roundMs });
  await pause(warmUpMs);
  const throughput: Throughput = { created: [], sent: [], ended: [] };
  for (let round = 0; round < rounds; round += 1) {
    const before = await count(gateway);
    const startedAt = machineMs();
    await Promise.race([pause(roundMs), pouring]);
    const seconds = (machineMs() - startedAt) / 1_000;
    const after = await count(gateway);
    throughput.created.push((after.created - before.created) / seconds);
    throughput.sent.push((after.sent - before.sent) / seconds);
    throughput.ended.push((after.ended - before.ended) / seconds);
  }
  await pouring;
  return throughput;
}

async function count({ database }: BusyGateway): Promise<Counts> {
  return await database
    .selectFrom('task')
    .select(({ fn }) => [
      fn.countAll<string>().as('created'),
      fn.count<string>('submitted_at').as('sent'),
      fn.count<string>('ended_at').as('ended'),
    ])
    .executeTakeFirstOrThrow()
    .then(({ created, sent, ended }) => ({ created: Number(created), sent: Number(sent), ended: Number(ended) }));
}

export const throughput: Benchmark = {
  name: 'throughput',
  description:
    `Tasks created, sent, polled and ended by one process, while creates pour in on ${connections} connections. The limits ` +
    `are ${limit} a second, and the vendor is a process of its own`,

  async run() {
    const { created, sent, ended } = await measureThroughput();
    const beside = { what: 'created meanwhile', samples: created };
    return [
      { what: 'tasks that end while creates pour in', unit: 'a second', samples: ended, beside },
      { what: 'tasks that are sent while creates pour in', unit: 'a second', samples: sent, beside },
    ];
  },
};
