import { setTimeout as pause } from 'node:timers/promises';
import type { Benchmark } from './benchmark.ts';
import { startBusyGateway, type BusyGateway } from './busy-gateway.ts';
import { createBody } from './create-burst.ts';
import { startHttpLoad } from './http-load.ts';
import { machineMs } from './machine-clock.ts';

const inFlight = 5_000;
/** The most that a gateway can be told. */
const limit = 1_000;
const rounds = 4;
const roundMs = 3_000;
/** A picture takes more than an hour: none ends meanwhile. */
const speed = 0.002;

/** Describe calls a second that were answered, once a round. */
async function measureDescribes(): Promise<number[]> {
  await using gateway = await startBusyGateway({ speed, limit });
  await fill(gateway);
  const samples: number[] = [];
  for (let round = 0; round < rounds; round += 1) {
    const before = await gateway.countCalls('DescribeAigcImageTask');
    const startedAt = machineMs();
    await pause(roundMs);
    const after = await gateway.countCalls('DescribeAigcImageTask');
    samples.push(((after - before) / (machineMs() - startedAt)) * 1_000);
  }
  return samples;
}

async function fill({ url, database }: BusyGateway): Promise<void> {
  using load = startHttpLoad(`${url}/graphql`, 16);
  await load.post(Array.from({ length: inFlight }, createBody), { count: inFlight });
  for (;;) {
    const waiting = database.selectFrom('task').select('id').where('state', '<>', 'submitted').limit(1);
    if ((await waiting.executeTakeFirst()) === undefined) return;
    await pause(200);
  }
}

export const describes: Benchmark = {
  name: 'describes',
  description: `Describe calls a second with ${inFlight} images in flight, at a limit of ${limit}`,

  async run() {
    const samples = await measureDescribes();
    const beside = { what: 'the limit', samples: samples.map(() => limit) };
    return [{ what: `Describe calls with ${inFlight} in flight`, unit: 'a second', samples, beside }];
  },
};
