import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { systemClock, type Clock } from '../../src/kit/clock.ts';
import { noQuotas } from '../support/no-quotas.ts';
import { silentLogger } from '../../src/kit/logger.ts';
import { createDatabase } from '../../src/store/database.ts';
import { createTestDatabase } from '../support/database.ts';
import { createImage, followTask } from '../support/documents.ts';
import { openAccess, startTestGateway, type TestGateway } from '../support/gateway.ts';
import { listAll } from '../support/list-all.ts';
import { schedules } from '../support/schedules.ts';
import { createImageTask, startTroubledUpstream } from '../support/troubled-gateway.ts';
import { until } from '../support/until.ts';
import { untilEnded } from '../support/until-ended.ts';

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;

function aheadBy(aheadMs: number): Clock {
  return { ...systemClock, now: () => systemClock.now() + aheadMs };
}

/** Gateways on one database and one upstream, on machines whose clocks are ahead by so much. */
async function startGateways(aheadMs: readonly number[], { speed = 200, changes = {} } = {}) {
  await using starting = new AsyncDisposableStack();
  const { connectionString } = starting.use(await createTestDatabase());
  const database = starting.use(createDatabase({ connectionString }, silentLogger));
  const upstream = starting.use(await startTroubledUpstream({ speed }));
  const shared = { databaseUrl: connectionString, upstream: upstream.config, ...changes };
  const running = starting.move();
  const start = async (ahead: number): Promise<TestGateway> =>
    running.use(await startTestGateway(shared, { machineClock: aheadBy(ahead) }));
  const gateways: TestGateway[] = [];
  for (const ahead of aheadMs) gateways.push(await start(ahead));
  return { gateways, start, database, [Symbol.asyncDispose]: () => running.disposeAsync() };
}

const readiness = z.object({ ready: z.boolean(), details: z.record(z.string(), z.string()) });

async function readReadiness({ url }: TestGateway): Promise<z.infer<typeof readiness>> {
  return readiness.parse(await (await fetch(`${url}/health/ready`)).json());
}

describe('two gateways whose clocks are ten minutes and a day off', () => {
  let world: Awaited<ReturnType<typeof startGateways>>;
  beforeAll(async () => {
    const quotas = { ...noQuotas, createsPerMinute: { default: 12, byOwner: new Map<string, number>() } };
    const changes = { createWaitMs: 0, submissions: 'paused', access: { ...openAccess, quotas } } as const;
    world = await startGateways([-10 * minuteMs, 24 * hourMs], { changes });
  });
  afterAll(() => world[Symbol.asyncDispose]());

  test('list tasks in the order in which they were created, whichever created them', async () => {
    const [behind, ahead] = world.gateways;
    if (!behind || !ahead) throw new Error('They did not start.');
    const from = systemClock.now();
    const created: string[] = [];
    for (let round = 0; round < 5; round += 1) {
      for (const gateway of [ahead, behind]) created.push(await createImageTask(gateway, `${created.length}`));
    }
    expect((await listAll(behind)).map(({ id }) => id)).toEqual(created.toReversed());
    const rows = await world.database.selectFrom('task').select('created_at').execute();
    for (const { created_at: createdAt } of rows) {
      expect(createdAt.getTime()).toBeGreaterThan(from - 100);
      expect(createdAt.getTime()).toBeLessThan(systemClock.now() + 100);
    }
  });

  test('keep the quota of a minute together', async () => {
    const results: (string | undefined)[] = [];
    for (const gateway of [...world.gateways, ...world.gateways]) {
      const { createImageTask: result } = await gateway.ask(createImage, { input: { prompt: 'one more' } });
      results.push(result?.__typename);
    }
    const [created, refused] = ['CreateImageTaskPayload', 'QuotaExceededError'];
    expect(results).toEqual([created, created, refused, refused]);
  });
});

test(
  'nothing times out by a clock that is hours ahead before the database’s says so',
  { timeout: 60_000 },
  async () => {
    // So slow that nothing ends while the test looks.
    await using world = await startGateways([], { speed: 0.02 });
    const right = await world.start(0);
    const id = await createImageTask(right, 'slow');
    await right[Symbol.asyncDispose]();
    const wrong = await world.start(7 * hourMs);
    // What is watched is asked after more often.
    const watching = wrong.watch(followTask, { id });
    await watching.next();
    const polls = async (): Promise<number> => (await listAll(wrong))[0]?.pollCount ?? 0;
    const before = await polls();
    await until(async () => (await polls()) > before);
    expect(await listAll(wrong)).toMatchObject([{ id, failure: null }]);

    // Control: when its time is over by the database's clock.
    await wrong[Symbol.asyncDispose]();
    await sql`update task set submitted_at = submitted_at - interval '6 hours'`.execute(world.database);
    await sql`update task_progress set last_polled_at = last_polled_at - interval '6 hours',
    last_unfinished_at = last_unfinished_at - interval '6 hours'`.execute(world.database);
    const later = await world.start(0);
    await until(async () => (await listAll(later))[0]?.failure === 'TIMED_OUT');
  },
);

test.for([10, -10])('a lone gateway whose clock is %i minutes ahead goes on, and says so', async (minutes) => {
  await using world = await startGateways([minutes * minuteMs]);
  const [gateway] = world.gateways;
  if (!gateway) throw new Error('It did not start.');
  const id = await createImageTask(gateway, 'all the same');
  expect(await untilEnded(gateway, id)).toMatchObject({ status: 'DONE' });
  expect(await readReadiness(gateway)).toMatchObject({
    ready: true,
    details: {
      clock: expect.stringMatching(/^This machine's clock is (599|600|601) s (ahead of|behind) the database's/),
    },
  });
  const metrics = await (await fetch(`${gateway.url}/metrics`)).text();
  const [, ahead] = /^gateway_clock_ahead_seconds (\S+)$/m.exec(metrics) ?? [];
  expect(Math.round(Number(ahead))).toBe(minutes * 60);
});

test('a gateway whose clock is off leaves the lease to one whose clock is right, and keeps it from none', async () => {
  await using world = await startGateways([10 * minuteMs]);
  const [wrong] = world.gateways;
  if (!wrong) throw new Error('It did not start.');
  await until(() => schedules(wrong));
  const right = await world.start(0);
  await until(() => schedules(right));
  expect(await schedules(wrong)).toBe(false);
  expect((await readReadiness(right)).details['clock']).toBeUndefined();
  expect(await untilEnded(wrong, await createImageTask(wrong, 'by the other'))).toMatchObject({ status: 'DONE' });

  // Control: what is three minutes off is good enough for the vendor, and takes the lease from none.
  const nearly = await world.start(3 * minuteMs);
  expect((await readReadiness(nearly)).details['clock']).toBeUndefined();
  expect(await schedules(right)).toBe(true);
});
