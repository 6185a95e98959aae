import { expect, test } from 'vitest';
import { makeWebhookSecret } from '../../src/domain/task/webhook-secret.ts';
import { silentLogger } from '../../src/kit/logger.ts';
import { createDatabase, type Database } from '../../src/store/database.ts';
import { formatConnectionString } from '../support/connection-string.ts';
import { createTestDatabase } from '../support/database.ts';
import { cancelTask } from '../support/documents.ts';
import { startGatewayProcess, type GatewayProcess } from '../support/gateway-process.ts';
import { startTcpProxy } from '../support/tcp-proxy.ts';
import { createTemporaryDirectory } from '../support/temporary-directory.ts';
import { until } from '../support/until.ts';
import { createWithWebhook, readDeliveries } from './documents.ts';
import { letWebhooksFallDue } from './open-webhooks.ts';
import { answering, idOf, silent, startReceiver, verify, type Receiver } from './receiver.ts';

const secret = makeWebhookSecret();

/** A gateway that is killed and started again, and what outlives it. Nothing is sent upstream: tasks end by a cancel. */
async function openWorld() {
  await using opening = new AsyncDisposableStack();
  const receiver = opening.use(await startReceiver());
  const directory = opening.use(await createTemporaryDirectory());
  const testDatabase = opening.use(await createTestDatabase());
  const database = opening.use(createDatabase(testDatabase.config, silentLogger));
  const proxy = opening.use(await startTcpProxy(testDatabase.config));
  const proxied = { ...testDatabase.config, host: '127.0.0.1', port: proxy.port };
  const environment = {
    DATABASE_URL: formatConnectionString(proxied),
    CREATE_WAIT_MS: '0',
    SUBMISSIONS: 'paused',
    WEBHOOK_SECRET: secret,
    WEBHOOK_ALLOW_ORIGINS: receiver.origin,
  };
  const start = (): Promise<GatewayProcess> => startGatewayProcess(directory.path, environment);
  let gateway = await start();
  opening.defer(() => gateway[Symbol.asyncDispose]());
  const open = opening.move();
  return {
    receiver,
    proxy,
    database,
    gateway: () => gateway,
    async killAndRestart(): Promise<void> {
      await gateway.end('SIGKILL');
      proxy.cut();
      await gateway[Symbol.asyncDispose]();
      await letWebhooksFallDue(database);
      gateway = await start();
    },
    /** Another one on the same database, of an account of its own: both tell webhooks. */
    async startBeside(): Promise<GatewayProcess> {
      const { path } = open.use(await createTemporaryDirectory());
      return open.use(await startGatewayProcess(path, { ...environment, UPSTREAM_ACCOUNT: 'another' }));
    },
    [Symbol.asyncDispose]: () => open.disposeAsync(),
  };
}

async function endTask(gateway: GatewayProcess, { origin }: Receiver): Promise<string> {
  const input = { prompt: 'a lighthouse', webhook: { url: origin } };
  const { createImageTask: created } = await gateway.ask(createWithWebhook, { input });
  if (created?.__typename !== 'CreateImageTaskPayload') throw new Error(JSON.stringify(created));
  await gateway.ask(cancelTask, { id: created.task.id });
  return created.task.id;
}

/** Until when what is under way is not begun anew. */
async function leaseOf(database: Database): Promise<Date | null> {
  const [row] = await database.selectFrom('webhook_delivery').select('due_at').where('is_leased', '=', true).execute();
  return row?.due_at ?? null;
}

async function untilDelivered(gateway: GatewayProcess, id: string): Promise<number[]> {
  const read = async () => (await gateway.ask(readDeliveries, { id })).task?.webhookDeliveries ?? [];
  await until(async () => (await read()).some(({ statusCode }) => statusCode === 204));
  return (await read()).map(({ attempt }) => attempt);
}

test(
  'killed between a task’s end and its webhook, the gateway tells it after the next start',
  { timeout: 60_000 },
  async () => {
    await using world = await openWorld();
    world.proxy.holdStatement('select distinct on ("owner", "receiver")');
    const id = await endTask(world.gateway(), world.receiver);
    await world.proxy.untilHeld();
    await world.killAndRestart();
    expect(await untilDelivered(world.gateway(), id)).toEqual([1]);
    expect(world.receiver.received.map((one) => verify(secret, one).data)).toMatchObject([{ id, status: 'FAIL' }]);
  },
);

test(
  'killed before a receiver answered, the gateway tells it again, under the same id',
  { timeout: 60_000 },
  async () => {
    await using world = await openWorld();
    world.receiver.behave(silent);
    const id = await endTask(world.gateway(), world.receiver);
    await until(() => world.receiver.received.length === 1);
    world.receiver.behave(answering(204));
    await world.killAndRestart();
    expect(await untilDelivered(world.gateway(), id)).toEqual([2]);
    expect(world.receiver.received.map(idOf)).toHaveLength(2);
    expect(new Set(world.receiver.received.map(idOf)).size).toBe(1);
  },
);

test(
  'killed before it could write down an answer, the gateway tells it again, under the same id',
  { timeout: 60_000 },
  async () => {
    await using world = await openWorld();
    world.proxy.holdStatement('insert into webhook_attempt');
    const id = await endTask(world.gateway(), world.receiver);
    await world.proxy.untilHeld();
    expect(world.receiver.received).toHaveLength(1);
    await world.killAndRestart();
    expect(await untilDelivered(world.gateway(), id)).toEqual([2]);
    expect(new Set(world.receiver.received.map(idOf)).size).toBe(1);
  },
);

test(
  'what a gateway was telling when it was killed, another one tells within 20 seconds, with the same id and the same words',
  { timeout: 90_000 },
  async () => {
    await using world = await openWorld();
    const other = await world.startBeside();
    world.receiver.behave(silent);
    const id = await endTask(world.gateway(), world.receiver);
    await until(() => world.receiver.received.length === 1);
    await world.gateway().end('SIGKILL');
    const killedAt = performance.now();
    world.receiver.behave(answering(204));
    expect(await untilDelivered(other, id)).toEqual([2]);
    expect(performance.now() - killedAt).toBeLessThan(20_000 + 2_000);
    const [first, second] = world.receiver.received;
    expect(second?.body).toBe(first?.body);
    expect(world.receiver.received.map(idOf)).toEqual(Array(2).fill(first && idOf(first)));
  },
);

test(
  'what a gateway tells slowly is renewed, also after the database was away, and no other one tells it beside it',
  { timeout: 90_000 },
  async () => {
    await using world = await openWorld();
    const other = await world.startBeside();
    const answers: (() => void)[] = [];
    world.receiver.behave((response) => void answers.push(() => response.writeHead(204).end()));
    const id = await endTask(world.gateway(), world.receiver);
    await until(() => answers.length === 1);
    const begun = await leaseOf(world.database);
    // The database is away for a moment: the try goes on, and is renewed afterwards.
    world.proxy.goAway();
    world.proxy.comeBack();
    await until(async () => Number(await leaseOf(world.database)) > Number(begun));
    world.receiver.behave(answering(204));
    answers[0]?.();
    expect(await untilDelivered(other, id)).toEqual([1]);
    // Once the other one has told of another task, it has looked.
    await untilDelivered(other, await endTask(other, world.receiver));
    expect(world.receiver.received.map(({ body }) => body).filter((body) => body.includes(id))).toHaveLength(1);
  },
);

test(
  'control: a gateway that is killed after it has written everything down tells nothing twice',
  { timeout: 60_000 },
  async () => {
    await using world = await openWorld();
    const id = await endTask(world.gateway(), world.receiver);
    await untilDelivered(world.gateway(), id);
    await world.killAndRestart();
    // Once it has told of another one, it has looked for what was left behind.
    await untilDelivered(world.gateway(), await endTask(world.gateway(), world.receiver));
    expect(
      world.receiver.received.map((one) => verify(secret, one).data.id).filter((told) => told === id),
    ).toHaveLength(1);
  },
);
