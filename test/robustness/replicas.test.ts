import { expect, test } from 'vitest';
import type { Config } from '../../src/config/config.ts';
import type { GatewayOverrides } from '../../src/gateway/gateway.ts';
import { silentLogger } from '../../src/kit/logger.ts';
import { createDatabase } from '../../src/store/database.ts';
import { findWatched } from '../../src/store/task-watch.ts';
import { createTestDatabase } from '../support/database.ts';
import { followTask, readEstimate } from '../support/documents.ts';
import { createFastClock } from '../support/fast-clock.ts';
import { startTestGateway, wideLimits, type TestGateway } from '../support/gateway.ts';
import { listAll } from '../support/list-all.ts';
import { schedules } from '../support/schedules.ts';
import { createImageTask, startTroubledUpstream } from '../support/troubled-gateway.ts';
import { until } from '../support/until.ts';

/** Two gateways on one database, the first of which schedules. */
async function startReplicas(changes: Partial<Config>, overrides: GatewayOverrides = {}) {
  await using starting = new AsyncDisposableStack();
  const testDatabase = starting.use(await createTestDatabase());
  const database = starting.use(createDatabase(testDatabase.config, silentLogger));
  // So slow that nothing begins to run while a test looks: all tasks are in the same phase.
  const upstream = starting.use(await startTroubledUpstream({ speed: 0.02 }));
  const shared = { databaseUrl: testDatabase.connectionString, upstream: upstream.config, createWaitMs: 0, ...changes };
  const first = starting.use(await startTestGateway(shared, overrides));
  await until(() => schedules(first));
  const second = starting.use(await startTestGateway(shared, overrides));
  const running = starting.move();
  return { first, second, database, [Symbol.asyncDispose]: () => running.disposeAsync() };
}

async function countPolls(gateway: TestGateway): Promise<Map<string, number>> {
  return new Map((await listAll(gateway)).map(({ id, pollCount }) => [id, pollCount]));
}

/** How often a task is asked after from now on, beside the mean of all the others, until `polls` more were made. */
async function shareOfPolls(gateway: TestGateway, id: string, polls: number): Promise<number> {
  const before = await countPolls(gateway);
  let growth = new Map<string, number>();
  const sum = (): number => growth.values().reduce((total, count) => total + count, 0);
  await until(async () => {
    const now = await countPolls(gateway);
    growth = new Map([...now].map(([task, count]) => [task, count - (before.get(task) ?? 0)]));
    return sum() >= polls;
  });
  const own = growth.get(id) ?? 0;
  return own / ((sum() - own) / (growth.size - 1));
}

test('a task that is watched at one gateway is asked after more often by the other, which schedules', async () => {
  // Ten seconds of the gateways' in one.
  await using replicas = await startReplicas(
    { upstreamLimits: { ...wideLimits, CreateAigcImageTask: 20, DescribeAigcImageTask: 5 } },
    { clock: createFastClock(10) },
  );
  const { first, second, database } = replicas;
  const prompts = Array.from({ length: 20 }, (_, index) => `picture ${index}`);
  const [id = ''] = await Promise.all(prompts.map((prompt) => createImageTask(first, prompt)));
  await until(async () => (await countPolls(first)).values().every((count) => count > 0));

  // That the mutations waited for the upstream's word is no interest.
  expect(await findWatched(database)).toEqual([]);

  // Control: as long as nobody watches, it is one among others.
  expect(await shareOfPolls(first, id, 80)).toBeLessThan(1.3);
  const states = second.watch(followTask, { id });
  await states.next();
  await until(async () => (await findWatched(database)).includes(id));
  expect(await shareOfPolls(first, id, 160)).toBeGreaterThan(1.6);
  expect(await schedules(second)).toBe(false);
});

test('the further back in the queue, the later a held task is expected, at every gateway', async () => {
  // So slow that the queue stands still while the test looks.
  const perSecond = 0.1;
  await using replicas = await startReplicas({ upstreamLimits: { ...wideLimits, CreateAigcImageTask: perSecond } });
  const { first, second } = replicas;
  const ids: string[] = [];
  for (let index = 0; index < 5; index += 1) {
    ids.push(await createImageTask(second, `held ${index}`));
  }
  const expectedSecondsApart = async (gateway: TestGateway): Promise<number[]> => {
    const ends = await Promise.all(
      ids.map(async (id) => {
        const { task } = await gateway.ask(readEstimate, { id });
        return task?.__typename === 'ImageTask' ? Date.parse(task.estimate?.expectedEndAt ?? '') : Number.NaN;
      }),
    );
    return ends.slice(1).map((end, index) => (end - (ends[index] ?? 0)) / 1_000);
  };
  for (const gateway of [first, second]) {
    // What is published once a second is known everywhere a second later.
    await until(async () => (await expectedSecondsApart(gateway)).every((seconds) => seconds > 1));
    for (const seconds of await expectedSecondsApart(gateway)) {
      expect(seconds).toBeGreaterThan(0.9 / perSecond);
      expect(seconds).toBeLessThan(1.2 / perSecond);
    }
  }
});
