import { sql } from 'kysely';
import { expect, test } from 'vitest';
import { silentLogger } from '../../src/kit/logger.ts';
import { createDatabase, type Database } from '../../src/store/database.ts';
import { createTestDatabase } from '../support/database.ts';
import { readTask } from '../support/documents.ts';
import { createFastClock } from '../support/fast-clock.ts';
import { startTestGateway, wideLimits } from '../support/gateway.ts';
import {
  createImageTask,
  startTroubledGateway,
  startTroubledUpstream,
  type TroubledGateway,
} from '../support/troubled-gateway.ts';
import { schedules } from '../support/schedules.ts';
import { until } from '../support/until.ts';

const action = 'DescribeAigcImageTask';
const failing = { kind: 'response', response: { Error: { Code: 'InternalError', Message: 'No.' } }, action } as const;

/** Four seconds of the gateway's in one, and less questions in each than twenty tasks that fail would take. */
async function startAtTheLimit(): Promise<TroubledGateway> {
  const upstreamLimits = { ...wideLimits, [action]: 10 };
  return await startTroubledGateway({ createWaitMs: 0, upstreamLimits }, { clock: createFastClock(4) });
}

const create = async (gateway: TroubledGateway, prompt: string, count: number): Promise<string[]> =>
  await Promise.all(Array.from({ length: count }, () => createImageTask(gateway, prompt)));

/** Looked up, not watched: who is watched is asked after first. */
async function untilDone(gateway: TroubledGateway, ids: readonly string[]): Promise<void> {
  for (const id of ids) await until(async () => (await gateway.ask(readTask, { id })).task?.status === 'DONE');
}

const countAsked = ({ upstream }: TroubledGateway): number =>
  upstream.proxy.requests.filter((request) => request.action === action).length;

test(
  'tasks whose questions only fail keep no other from being seen, and are seen when that is over',
  { timeout: 60_000 },
  async () => {
    await using gateway = await startAtTheLimit();
    const { proxy, sandbox } = gateway.upstream;
    const isBad = (taskId: string): boolean =>
      sandbox.tasks().some((task) => task.taskId === taskId && task.request.Prompt === 'bad');
    proxy.fault({ ...failing, taskId: isBad });
    const bad = await create(gateway, 'bad', 20);
    // Control: they alone are asked after, and again.
    await until(() => countAsked(gateway) > 30);

    const good = await create(gateway, 'good', 5);
    await untilDone(gateway, good);

    await proxy.clear();
    await untilDone(gateway, bad);
  },
);

test('an outage of all questions leaves nobody waiting', { timeout: 60_000 }, async () => {
  await using gateway = await startAtTheLimit();
  const { proxy } = gateway.upstream;
  proxy.fault(failing);
  const ids = await create(gateway, 'ada', 20);
  await until(() => countAsked(gateway) > 30);
  await proxy.clear();
  const before = countAsked(gateway);
  await untilDone(gateway, ids);
  // One for each that is over by now, and little more: nobody was left to fail, or to wait for, meanwhile.
  expect(countAsked(gateway) - before).toBeLessThan(2 * ids.length);
});

test('the metrics tell how long the upstream has answered nothing for a task', async () => {
  await using gateway = await startTroubledGateway({ createWaitMs: 0 }, { clock: createFastClock(20) });
  const longestUnanswered = async (): Promise<number | null> => {
    const text = await (await fetch(`${gateway.url}/metrics`)).text();
    const [, seconds] = /^gateway_task_longest_unheard_seconds\{kind="IMAGE"\} (\S+)$/m.exec(text) ?? [];
    return seconds === undefined ? null : Number(seconds);
  };
  const { proxy } = gateway.upstream;
  proxy.fault(failing);
  const id = await createImageTask(gateway, 'unheard');
  await until(async () => ((await longestUnanswered()) ?? 0) > 20);
  await proxy.clear();
  await untilDone(gateway, [id]);
  await until(async () => (await longestUnanswered()) === null);
});

test('what timed out is asked after once an hour, also when the question fails', async () => {
  await using testDatabase = await createTestDatabase();
  await using database = createDatabase(testDatabase.config, silentLogger);
  await using upstream = await startTroubledUpstream();
  upstream.proxy.fault(failing);
  const shared = { databaseUrl: testDatabase.connectionString, upstream: upstream.config };
  {
    await using before = await startTestGateway(shared);
    await createImageTask(before, 'one');
    await createImageTask(before, 'other');
  }
  await letTasksTimeOut(database);
  const asked = () => upstream.proxy.requests.filter((request) => request.action === action).length;
  const askedBefore = asked();
  const clock = createFastClock(20);
  await using after = await startTestGateway(shared, { clock });
  await until(() => asked() === askedBefore + 2);
  const since = clock.monotonic();
  await until(() => clock.monotonic() - since > 60_000);
  expect(asked()).toBe(askedBefore + 2);
  await until(() => schedules(after));
});

/** Two hours ago, and nothing was asked since. */
async function letTasksTimeOut(database: Database): Promise<void> {
  const failure = { message: 'Too late.', upstreamCode: null, requestId: null, retryable: true };
  await sql`update task set state = 'ended', status = 'FAIL', failure_code = 'TIMED_OUT', failure = ${failure},
    submitted_at = submitted_at - interval '8 hours', ended_at = clock_timestamp() - interval '2 hours'`.execute(
    database,
  );
  await sql`update task_progress set last_polled_at = clock_timestamp() - interval '2 hours'`.execute(database);
}
