import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import type { Config } from '../../src/config/config.ts';
import type { OwnerLimit, Quotas } from '../../src/domain/task/quota.ts';
import { noQuotas } from '../support/no-quotas.ts';
import { silentLogger } from '../../src/kit/logger.ts';
import { createDatabase } from '../../src/store/database.ts';
import { openAccess, startTestGateway } from '../support/gateway.ts';
import { startTroubledUpstream } from '../support/troubled-gateway.ts';
import { until } from '../support/until.ts';
import { letSecondsPass } from './let-seconds-pass.ts';
import { callAs, namedCallers, type NamedCaller } from './named-callers.ts';

function limit(byDefault: number | null, byOwner: Record<string, number> = {}): OwnerLimit {
  return { default: byDefault, byOwner: new Map(Object.entries(byOwner)) };
}

const inFlight = (...given: Parameters<typeof limit>): Quotas => ({ ...noQuotas, tasksInFlight: limit(...given) });
const aMinute = (...given: Parameters<typeof limit>): Quotas => ({ ...noQuotas, createsPerMinute: limit(...given) });

/** Nothing is sent unless told: what is created stays in flight. */
async function startWith(quotas: Quotas, changes: Partial<Config> = {}) {
  await using starting = new AsyncDisposableStack();
  const usual = { submissions: 'paused', createWaitMs: 0, access: { ...openAccess, quotas } } as const;
  const gateway = starting.use(await startTestGateway({ ...usual, ...changes }, { authentication: namedCallers }));
  const [ada, grace] = [starting.use(callAs('ada', gateway.url)), starting.use(callAs('grace', gateway.url))];
  const database = starting.use(createDatabase({ connectionString: gateway.config.databaseUrl ?? '' }, silentLogger));
  const running = starting.move();
  return { ...gateway, ada, grace, database, [Symbol.asyncDispose]: () => running.disposeAsync() };
}

const result = z.object({
  __typename: z.string(),
  task: z.object({ id: z.string() }).optional(),
  message: z.string().optional(),
  retryAfterSeconds: z.int().nullable().optional(),
});
type Result = z.infer<typeof result>;

const fields = `__typename ... on UserError { message } ... on QuotaExceededError { retryAfterSeconds }`;

async function mutate(caller: NamedCaller, field: string, type: string, input: object): Promise<Result> {
  const text = await caller.ask(
    `mutation ($input: ${type}Input!) { result: ${field}(input: $input) { ${fields} ... on ${type}Payload { task { ... on AigcTask { id } } } } }`,
    { input },
  );
  return z.object({ data: z.object({ result }) }).parse(JSON.parse(text.slice('200 '.length))).data.result;
}

const create = (caller: NamedCaller, input: { prompt?: string; idempotencyKey?: string } = {}) =>
  mutate(caller, 'createImageTask', 'CreateImageTask', { prompt: 'a lighthouse', ...input });
const cancel = (caller: NamedCaller, id = '') =>
  caller.ask('mutation ($id: ID!) { cancelTask(input: { id: $id }) { __typename } }', { id });
const retry = (caller: NamedCaller, id = '', idempotencyKey: string) =>
  mutate(caller, 'retryTask', 'RetryTask', { id, idempotencyKey });
const track = (caller: NamedCaller, upstreamTaskId: string) =>
  mutate(caller, 'trackTask', 'TrackTask', { upstreamTaskId });

const created = { __typename: 'CreateImageTaskPayload' };
const refused = { __typename: 'QuotaExceededError' };

/** So many by each caller, all at once: how many were recorded, and how many refused. */
async function createMany(count: number, ...callers: NamedCaller[]) {
  const results = await Promise.all(callers.flatMap((caller) => Array.from({ length: count }, () => create(caller))));
  const countOf = (name: string) => results.filter(({ __typename }) => __typename === name).length;
  return { created: countOf(created.__typename), refused: countOf(refused.__typename) };
}

async function countTasks({ database }: Awaited<ReturnType<typeof startWith>>): Promise<number> {
  return (await database.selectFrom('task').select('id').execute()).length;
}

describe.each([
  ['tasks in flight', inFlight],
  ['creates a minute', aMinute],
] as const)('a quota of %s', (_name, quotaOf) => {
  test('lets exactly as many of fifty at once through', async () => {
    await using gateway = await startWith(quotaOf(10));
    expect(await createMany(50, gateway.ada)).toEqual({ created: 10, refused: 40 });
    expect(await countTasks(gateway)).toBe(10);
  });

  test('lets exactly as many through two gateways on one database', async () => {
    await using upstream = await startTroubledUpstream();
    await using gateway = await startWith(quotaOf(10), { upstream: upstream.config });
    const { databaseUrl } = gateway.config;
    await using second = await startWith(quotaOf(10), { upstream: upstream.config, databaseUrl });
    expect(await createMany(25, gateway.ada, second.ada)).toEqual({ created: 10, refused: 40 });
    expect(await countTasks(gateway)).toBe(10);
  });

  test('finds the task of a key that was sent before, and records no other', async () => {
    await using gateway = await startWith(quotaOf(1));
    const first = await create(gateway.ada, { idempotencyKey: 'key' });
    expect(await create(gateway.ada, { idempotencyKey: 'key' })).toEqual(first);
    expect(await create(gateway.ada, { idempotencyKey: 'another' })).toMatchObject(refused);
    // The refused key is free for later.
    expect(await create(gateway.grace, { idempotencyKey: 'another' })).toMatchObject(created);
  });

  test('answers one key, sent many times at once, with its one task each time', async () => {
    await using gateway = await startWith(quotaOf(1));
    const results = await Promise.all(Array.from({ length: 20 }, () => create(gateway.ada, { idempotencyKey: 'key' })));
    expect(new Set(results.map((one) => one.task?.id)).size).toBe(1);
    expect(results[0]).toMatchObject(created);
  });

  test('of one owner does not touch another', async () => {
    await using gateway = await startWith(quotaOf(3, { ada: 1 }));
    for (const expected of [created, refused, refused]) expect(await create(gateway.ada)).toMatchObject(expected);
    for (const expected of [created, created, created, refused])
      expect(await create(gateway.grace)).toMatchObject(expected);
  });
});

test('the control: without a quota all of fifty are recorded', async () => {
  await using gateway = await startWith(noQuotas);
  expect(await createMany(50, gateway.ada)).toEqual({ created: 50, refused: 0 });
});

describe('there is room again', () => {
  test('for a task in flight when one was canceled', async () => {
    await using gateway = await startWith(inFlight(1));
    const first = await create(gateway.ada);
    expect(await create(gateway.ada)).toMatchObject(refused);
    await cancel(gateway.ada, first.task?.id);
    expect(await create(gateway.ada)).toMatchObject(created);
    expect(await create(gateway.ada)).toMatchObject(refused);
  });

  test('for a task in flight when one is done', async () => {
    await using gateway = await startWith(inFlight(1), { submissions: 'on', createWaitMs: 2_000 });
    expect(await create(gateway.ada, { prompt: '[slow] one' })).toMatchObject(created);
    expect(await create(gateway.ada)).toMatchObject(refused);
    await until(async () => (await viewerOf(gateway.ada)).tasksInFlight === 0);
    expect(await create(gateway.ada)).toMatchObject(created);
  });

  test('for a create when a minute has passed since one, and not before', async () => {
    await using gateway = await startWith(aMinute(2));
    await create(gateway.ada);
    await letSecondsPass(gateway.database, 20);
    await create(gateway.ada);
    const refusal = await create(gateway.ada);
    expect(refusal).toMatchObject(refused);
    expect(refusal.retryAfterSeconds).toBeGreaterThan(30);
    expect(refusal.retryAfterSeconds).toBeLessThanOrEqual(40);
    expect(refusal.message).toBe(
      `You may create 2 tasks a minute, retries and adopted ones included, and have created 2. Try again in ${refusal.retryAfterSeconds} s.`,
    );
    await letSecondsPass(gateway.database, 10);
    expect(await create(gateway.ada)).toMatchObject(refused);
    await letSecondsPass(gateway.database, 31);
    expect(await create(gateway.ada)).toMatchObject(created);
    expect(await create(gateway.ada)).toMatchObject(refused);
  });
});

test('an owner with as many tasks in flight as allowed learns when the next one probably ends', async () => {
  await using gateway = await startWith(inFlight(2));
  for (let time = 0; time < 2; time += 1) await create(gateway.ada);
  const refusal = await create(gateway.ada);
  expect(refusal.message).toBe(
    'You may have 2 tasks that have not ended, and have 2. Wait until one ends, or cancel one that is held back.',
  );
  expect(refusal.retryAfterSeconds).toBeGreaterThan(0);
  expect(refusal.retryAfterSeconds).toBeLessThan(600);
});

test('who may have none is told so, and not to wait', async () => {
  await using gateway = await startWith(inFlight(0));
  expect(await create(gateway.ada)).toEqual({
    ...refused,
    message: 'The operator of this gateway lets you create no tasks.',
    retryAfterSeconds: null,
  });
});

test('retries and adopted tasks take room like creates', async () => {
  await using gateway = await startWith(aMinute(3), { submissions: 'on', createWaitMs: 2_000 });
  const made = await madeElsewhere(gateway);
  const failed = await create(gateway.ada, { prompt: '[fail] this' });
  await until(async () => (await viewerOf(gateway.ada)).tasksInFlight === 0);
  expect(await track(gateway.ada, made)).toMatchObject({ __typename: 'TrackTaskPayload' });
  expect(await retry(gateway.ada, failed.task?.id, 'one')).toMatchObject({ __typename: 'RetryTaskPayload' });
  expect(await create(gateway.ada)).toMatchObject(refused);
  expect(await retry(gateway.ada, failed.task?.id, 'two')).toMatchObject(refused);
  expect(await track(gateway.ada, '4-AigcImage-another')).toMatchObject(refused);
  // What is there already takes none.
  expect(await retry(gateway.ada, failed.task?.id, 'one')).toMatchObject({ __typename: 'RetryTaskPayload' });
  expect(await track(gateway.ada, made)).toMatchObject({ __typename: 'TrackTaskPayload' });
});

/** The TaskId of a task that this gateway's upstream knows, and the gateway does not. */
async function madeElsewhere(gateway: Awaited<ReturnType<typeof startWith>>): Promise<string> {
  const { task: forgotten } = await create(gateway.grace);
  const [made] = gateway.gateway.sandbox?.tasks() ?? [];
  const id = forgotten?.id ?? '';
  await until(async () => (await viewerOf(gateway.grace)).tasksInFlight === 0);
  for (const table of ['task_progress', 'task_words', 'task_event'] as const) {
    await gateway.database.deleteFrom(table).where('task_id', '=', id).execute();
  }
  await gateway.database.deleteFrom('task').where('id', '=', id).execute();
  return made?.taskId ?? '';
}

const standing = z.object({
  owner: z.string(),
  tasksInFlight: z.int(),
  createsLastMinute: z.int(),
  quota: z.object({ tasksInFlight: z.int().nullable(), createsPerMinute: z.int().nullable() }),
});

async function viewerOf(caller: NamedCaller) {
  const text = await caller.ask(
    '{ viewer { owner tasksInFlight createsLastMinute quota { tasksInFlight createsPerMinute } } }',
  );
  return z.object({ data: z.object({ viewer: standing }) }).parse(JSON.parse(text.slice('200 '.length))).data.viewer;
}

test('a caller reads where it stands', async () => {
  const quotas = { tasksInFlight: limit(3), createsPerMinute: limit(null, { grace: 5 }) };
  await using gateway = await startWith(quotas);
  const [first] = [await create(gateway.ada), await create(gateway.ada), await create(gateway.grace)];
  await cancel(gateway.ada, first.task?.id);
  expect(await viewerOf(gateway.ada)).toEqual({
    owner: 'ada',
    tasksInFlight: 1,
    createsLastMinute: 2,
    quota: { tasksInFlight: 3, createsPerMinute: null },
  });
  expect(await viewerOf(gateway.grace)).toEqual({
    owner: 'grace',
    tasksInFlight: 1,
    createsLastMinute: 1,
    quota: { tasksInFlight: 3, createsPerMinute: 5 },
  });
});
