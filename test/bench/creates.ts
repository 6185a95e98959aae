import { alternate } from './alternate.ts';
import { startBenchGateway } from './bench-gateway.ts';
import type { Benchmark } from './benchmark.ts';
import { createBody, insertOne } from './create-burst.ts';
import { startHttpLoad, type HttpLoad } from './http-load.ts';
import { applyLoad, perSecond, type Load } from './load.ts';
import { median } from './statistics.ts';

const together = 16;
const rounds = 8;
const counts = { together: 640, alone: 100 };

/** Once a round. */
type Creates = {
  /** One after the other: half are answered within. */
  aloneMs: number[];
  insertAloneMs: number[];
  /** On one connection, and on sixteen. */
  alonePerSecond: number[];
  togetherPerSecond: number[];
};

/** Creates, recorded and answered, beside plain inserts of the same rows that wait for the disk as well. */
async function measureCreates(): Promise<Creates> {
  await using gateway = await startBenchGateway();
  using loadTogether = startHttpLoad(`${gateway.url}/graphql`, together);
  using loadAlone = startHttpLoad(`${gateway.url}/graphql`, 1);
  const createTogether = (): Promise<Load> => postCreates(loadTogether, counts.together);
  const createAlone = (): Promise<Load> => postCreates(loadAlone, counts.alone);
  const insertAlone = (): Promise<Load> => applyLoad(1, { count: counts.alone }, () => insertOne(gateway));
  const medianMs = ({ latenciesMs }: Load): number => median(latenciesMs);

  await alternate(2, createTogether, insertAlone); // warms up, and opens the connections
  const { measured: inGroups, beside: alone } = await alternate(rounds, createTogether, createAlone);
  const { measured: created, beside: inserted } = await alternate(rounds, createAlone, insertAlone);
  return {
    aloneMs: created.map(medianMs),
    insertAloneMs: inserted.map(medianMs),
    alonePerSecond: alone.map(perSecond),
    togetherPerSecond: inGroups.map(perSecond),
  };
}

function postCreates(load: HttpLoad, count: number): Promise<Load> {
  return load.post(Array.from({ length: count }, createBody), { count });
}

export const creates: Benchmark = {
  name: 'creates',
  description: `Creates one after the other on one connection and on ${together}; nothing is sent upstream meanwhile`,

  async run() {
    const { aloneMs, insertAloneMs, alonePerSecond, togetherPerSecond } = await measureCreates();
    return [
      {
        what: `creates on ${together} connections, recorded and answered`,
        unit: 'a second',
        samples: togetherPerSecond,
        beside: { what: 'on one connection', samples: alonePerSecond },
      },
      {
        what: 'one create after the other, half are answered within',
        unit: 'ms',
        samples: aloneMs,
        beside: { what: 'their inserts alone', samples: insertAloneMs },
      },
    ];
  },
};
