import { randomUUID } from 'node:crypto';
import { print } from 'graphql';
import { v7 as createId } from 'uuid';
import { insertTask } from '../../src/store/insert-task.ts';
import { graphql } from '../generated/index.ts';
import { alternate } from './alternate.ts';
import { benchAccount, localOwner, startBenchGateway, type BenchGateway } from './bench-gateway.ts';
import type { Benchmark } from './benchmark.ts';
import { startHttpLoad, type HttpLoad } from './http-load.ts';
import { applyLoad, perSecond, type Load } from './load.ts';
import { median } from './statistics.ts';

const burstSize = 500;
const rounds = 8;
const together = 16;
const prompt = 'A lighthouse on a cliff at dusk, long exposure, waves breaking below, warm light in the windows';

const createTask = graphql(`
  mutation CreateInBurst($input: CreateImageTaskInput!) {
    createImageTask(input: $input) {
      __typename
      ... on CreateImageTaskPayload {
        task {
          id
          status
          revision
          createdAt
        }
      }
      ... on UserError {
        message
      }
    }
  }
`);

export const createBurst: Benchmark = {
  name: 'create-burst',
  description:
    `${burstSize} creates with idempotency keys at once, each on a connection of its own, until all are recorded and ` +
    'answered, beside as many bare inserts; and creates one after the other on one connection and on several. Nothing is ' +
    'sent upstream meanwhile',

  async run() {
    await using gateway = await startBenchGateway();
    using load = startHttpLoad(`${gateway.url}/graphql`, burstSize);
    const overHttp = (): Promise<Load> =>
      load.post(Array.from({ length: burstSize }, createBody), { count: burstSize });
    const bareInserts = (): Promise<Load> => applyLoad(burstSize, { count: burstSize }, () => insertOne(gateway));
    using loadTogether = startHttpLoad(`${gateway.url}/graphql`, together);
    using loadAlone = startHttpLoad(`${gateway.url}/graphql`, 1);
    const createTogether = (): Promise<Load> => postCreates(loadTogether, 640);
    const createAlone = (): Promise<Load> => postCreates(loadAlone, 100);
    const insertAlone = (): Promise<Load> => applyLoad(1, { count: 100 }, () => insertOne(gateway));

    await alternate(2, overHttp, bareInserts); // warms up, and opens the connections
    const { measured, beside } = await alternate(rounds, overHttp, bareInserts);
    await alternate(1, createTogether, createAlone);
    const { measured: inGroups, beside: alone } = await alternate(rounds, createTogether, createAlone);
    const { measured: created, beside: inserted } = await alternate(rounds, createAlone, insertAlone);
    return [
      {
        what: `creates on ${together} connections, recorded and answered`,
        unit: 'a second',
        samples: inGroups.map(perSecond),
        beside: { what: 'on one connection', samples: alone.map(perSecond) },
      },
      {
        what: 'one create after the other, half are answered within',
        unit: 'ms',
        samples: created.map(({ latenciesMs }) => median(latenciesMs)),
        beside: { what: 'their inserts alone', samples: inserted.map(({ latenciesMs }) => median(latenciesMs)) },
      },
      {
        what: `${burstSize} creates at once, all are recorded and answered after`,
        unit: 'ms',
        samples: measured.map(({ tookMs }) => tookMs),
        beside: { what: 'their inserts alone', samples: beside.map(({ tookMs }) => tookMs) },
      },
    ];
  },
};

export function createBody(): string {
  const input = { prompt, aspectRatio: '16:9', model: { name: 'Hunyuan' }, idempotencyKey: randomUUID() };
  return JSON.stringify({ query: print(createTask), variables: { input } });
}

function postCreates(load: HttpLoad, count: number): Promise<Load> {
  return load.post(Array.from({ length: count }, createBody), { count });
}

async function insertOne({ database }: BenchGateway): Promise<void> {
  await insertTask(database, {
    id: createId(),
    owner: localOwner,
    account: benchAccount,
    kind: 'IMAGE',
    mode: 'TEXT_TO_IMAGE',
    request: { kind: 'IMAGE', prompt, aspectRatio: '16:9', model: { name: 'Hunyuan' } },
    warnings: [],
    retryOf: null,
    idempotencyKey: randomUUID(),
    requestHash: '',
  });
}
