import { randomUUID } from 'node:crypto';
import { print } from 'graphql';
import { v7 as createId } from 'uuid';
import { insertTask } from '../../src/store/insert-task.ts';
import { graphql } from '../generated/index.ts';
import { alternate } from './alternate.ts';
import { benchAccount, localOwner, startBenchGateway, type BenchGateway } from './bench-gateway.ts';
import type { Benchmark } from './benchmark.ts';
import { startHttpLoad } from './http-load.ts';
import { applyLoad, type Load } from './load.ts';

const burstSize = 500;
const rounds = 8;
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

const query = print(createTask);

export const createBurst: Benchmark = {
  name: 'create-burst',
  description:
    `${burstSize} creates with idempotency keys at once, each on a connection of its own, until all are recorded and ` +
    'answered, beside as many bare inserts. Nothing is sent upstream meanwhile',

  async run() {
    await using gateway = await startBenchGateway();
    using load = startHttpLoad(`${gateway.url}/graphql`, burstSize);
    const overHttp = (): Promise<Load> =>
      load.post(Array.from({ length: burstSize }, createBody), { count: burstSize });
    const bareInserts = (): Promise<Load> => applyLoad(burstSize, { count: burstSize }, () => insertOne(gateway));
    await alternate(2, overHttp, bareInserts); // warms up, and opens the connections
    const { measured, beside } = await alternate(rounds, overHttp, bareInserts);
    return [
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
  return JSON.stringify({ query, variables: { input } });
}

/** What a create records, by one plain INSERT that waits for the disk. */
export async function insertOne({ database }: BenchGateway): Promise<void> {
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
