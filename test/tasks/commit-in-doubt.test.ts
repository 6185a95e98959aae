import { expect, test } from 'vitest';
import { noQuotas } from '../support/no-quotas.ts';
import { silentLogger } from '../../src/kit/logger.ts';
import { createDatabase } from '../../src/store/database.ts';
import { formatConnectionString } from '../support/connection-string.ts';
import { createTestDatabase } from '../support/database.ts';
import { createImage } from '../support/documents.ts';
import { openAccess, startTestGateway } from '../support/gateway.ts';
import { startAnswerLosingProxy } from './answer-losing-proxy.ts';
import { countTasks } from './open-tasks.ts';

const insert = 'insert into "task"';
/** As a statement of its own, where there is a quota to be kept. */
const commit = 'commit\0';
const roomForOne = { ...noQuotas, tasksInFlight: { default: 1, byOwner: new Map() } };
const roomForTwelve = { ...noQuotas, tasksInFlight: { default: 12, byOwner: new Map() } };

/** A whole gateway whose database is reached through a network that loses answers. */
async function startGateway(quotas = noQuotas) {
  await using starting = new AsyncDisposableStack();
  const { config } = starting.use(await createTestDatabase());
  const proxy = starting.use(await startAnswerLosingProxy(config));
  const { database, user } = config;
  const databaseUrl = `postgres://${user}@127.0.0.1:${proxy.port}/${database}`;
  const databaseListenUrl = formatConnectionString(config);
  const gateway = starting.use(
    await startTestGateway({ databaseUrl, databaseListenUrl, access: { ...openAccess, quotas } }),
  );
  const direct = starting.use(createDatabase(config, silentLogger));
  const running = starting.move();
  return {
    proxy,
    direct,
    made: () => gateway.gateway.sandbox?.tasks().length,
    create: (idempotencyKey: string | null, prompt = 'a lighthouse') =>
      gateway.send(createImage, { input: { prompt, idempotencyKey } }),
    [Symbol.asyncDispose]: () => running.disposeAsync(),
  };
}

const created = {
  data: { createImageTask: { __typename: 'CreateImageTaskPayload', task: { upstreamTaskId: expect.any(String) } } },
};

test.each([
  ['before', null],
  ['before', 'key'],
  ['committed', null],
  ['committed', 'key'],
] as const)('an insert whose answer is lost (%s, key %j) records one task, which is sent once', async (when, key) => {
  await using gateway = await startGateway();
  gateway.proxy.lose(insert, when);
  expect(await gateway.create(key)).toMatchObject(created);
  expect(gateway.proxy.lost()).toBe(1);
  expect(await countTasks(gateway.direct)).toBe(1);
  expect(gateway.made()).toBe(1);
});

test.each([
  ['before', noQuotas],
  ['committed', noQuotas],
  ['before', roomForTwelve],
  ['committed', roomForTwelve],
] as const)(
  'creates whose common insert loses its answer (%s, quotas %j) are recorded once each',
  async (when, quotas) => {
    await using gateway = await startGateway(quotas);
    gateway.proxy.lose('[slow] the cut', when);
    const creates = Array.from({ length: 12 }, (_, index) =>
      gateway.create(index % 2 === 0 ? null : `key ${index}`, index === 6 ? '[slow] the cut' : `[slow] ${index}`),
    );
    for (const answer of await Promise.all(creates)) expect(answer).toMatchObject(created);
    expect(gateway.proxy.lost()).toBe(1);
    expect(await countTasks(gateway.direct)).toBe(12);
    expect(gateway.made()).toBe(12);
  },
);

test.each(['before', 'committed'] as const)(
  'when every answer is lost (%s) the caller is told to send the same key again, and then has one task',
  async (when) => {
    await using gateway = await startGateway();
    gateway.proxy.lose(insert, when);
    gateway.proxy.lose(insert, when);
    const { errors } = await gateway.create('key');
    expect(errors?.[0]).toMatchObject({ message: expect.stringContaining('same idempotencyKey again') });
    expect(gateway.proxy.lost()).toBe(2);
    expect(await gateway.create('key')).toMatchObject(created);
    expect(await countTasks(gateway.direct)).toBe(1);
    expect(gateway.made()).toBe(1);
  },
);

test.each([
  [insert, 'before', null],
  [insert, 'before', 'key'],
  [commit, 'before', null],
  [commit, 'before', 'key'],
  [commit, 'committed', null],
  [commit, 'committed', 'key'],
] as const)(
  'a task that is the last to have room is not refused for itself when an answer is lost (%j, %s, key %j)',
  async (statement, when, key) => {
    await using gateway = await startGateway(roomForOne);
    gateway.proxy.lose(statement, when);
    expect(await gateway.create(key, '[slow]')).toMatchObject(created);
    expect(gateway.proxy.lost()).toBe(1);
    // The control: another one has no room.
    expect(await gateway.create('another key')).toMatchObject({
      data: { createImageTask: { __typename: 'QuotaExceededError' } },
    });
    expect(await countTasks(gateway.direct)).toBe(1);
    expect(gateway.made()).toBe(1);
  },
);

test('when every answer is lost and the quota is full, the same key finds its task', async () => {
  await using gateway = await startGateway(roomForOne);
  gateway.proxy.lose(commit, 'committed');
  gateway.proxy.lose(commit, 'committed');
  const { errors } = await gateway.create('key', '[slow]');
  expect(errors?.[0]).toMatchObject({ message: expect.stringContaining('same idempotencyKey again') });
  expect(gateway.proxy.lost()).toBe(2);
  expect(await gateway.create('key', '[slow]')).toMatchObject(created);
  expect(await countTasks(gateway.direct)).toBe(1);
  expect(gateway.made()).toBe(1);
});

test('the control: without losses, two creates without a key are two tasks', async () => {
  await using gateway = await startGateway();
  for (let time = 0; time < 2; time += 1) expect(await gateway.create(null)).toMatchObject(created);
  expect(await countTasks(gateway.direct)).toBe(2);
  expect(gateway.made()).toBe(2);
});
