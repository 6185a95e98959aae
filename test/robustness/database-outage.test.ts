import { sql } from 'kysely';
import { expect, test } from 'vitest';
import { silentLogger } from '../../src/kit/logger.ts';
import { createDatabase } from '../../src/store/database.ts';
import { formatConnectionString } from '../support/connection-string.ts';
import { createTestDatabase } from '../support/database.ts';
import { createFastClock } from '../support/fast-clock.ts';
import { startTestGateway } from '../support/gateway.ts';
import { letTimePass } from '../support/let-time-pass.ts';
import { listAll } from '../support/list-all.ts';
import { schedules } from '../support/schedules.ts';
import { startTcpProxy } from '../support/tcp-proxy.ts';
import { createImageTask, startTroubledUpstream } from '../support/troubled-gateway.ts';
import { until } from '../support/until.ts';

const action = 'CreateAigcImageTask';
const prompts = Array.from({ length: 8 }, (_, index) => `on its way ${index} [slow]`);
/** Five times as fast: the outage takes three seconds of the test. */
const createClock = () => createFastClock(5);
const outageMs = 15_000;

/** Two gateways, which lose the database while the one that schedules has Creates on their way. */
async function openPair() {
  await using opening = new AsyncDisposableStack();
  const testDatabase = opening.use(await createTestDatabase());
  // Not through the proxy: it is there for the test all the while.
  const database = opening.use(createDatabase(testDatabase.config, silentLogger));
  const databaseProxy = opening.use(await startTcpProxy(testDatabase.config));
  const upstream = opening.use(await startTroubledUpstream());
  const proxied = { ...testDatabase.config, host: '127.0.0.1', port: databaseProxy.port };
  const shared = { databaseUrl: formatConnectionString(proxied), upstream: upstream.config, createWaitMs: 0 };
  const first = await startTestGateway(shared, { clock: createClock() });
  let firstIsAlive = true;
  const endFirst = async (): Promise<void> => {
    if (firstIsAlive) await first[Symbol.asyncDispose]();
    firstIsAlive = false;
  };
  opening.defer(endFirst);
  await until(() => schedules(first));
  const second = opening.use(await startTestGateway(shared, { clock: createClock() }));
  const { proxy } = upstream;
  const countCreates = (): number => proxy.requests.filter((request) => request.action === action).length;
  const open = opening.move();
  return {
    second,
    database,
    endFirst,
    async loseDatabase(): Promise<void> {
      proxy.fault({ kind: 'delay', ms: 500, action });
      await Promise.all(prompts.map((prompt) => createImageTask(second, prompt)));
      await until(() => countCreates() === prompts.length);
      databaseProxy.goAway();
      await proxy.clear();
    },
    /** Long enough for the lease to run out, and for every retry to have reached its longest pause. */
    async untilBack(): Promise<void> {
      const clock = createClock();
      await until(() => clock.monotonic() > outageMs);
      await letTimePass(database);
      databaseProxy.comeBack();
    },
    [Symbol.asyncDispose]: () => open.disposeAsync(),
  };
}

test(
  'after an outage of the database no task is given up of which another replica holds the TaskId',
  { timeout: 60_000 },
  async () => {
    await using pair = await openPair();
    await pair.loseDatabase();
    await pair.untilBack();
    await until(async () => (await listAll(pair.second)).every(({ status }) => status === 'DONE'));
    const { rows } = await sql<{ status: string }>`select distinct status from task_event`.execute(pair.database);
    expect(rows.map(({ status }) => status).toSorted()).not.toContain('FAIL');
  },
);

test('control: what nobody holds any more is given up, a while later', { timeout: 60_000 }, async () => {
  await using pair = await openPair();
  await pair.loseDatabase();
  // Without its file: as if its disk had gone with it.
  await pair.endFirst();
  await pair.untilBack();
  await until(async () => (await listAll(pair.second)).every(({ failure }) => failure === 'SUBMISSION_UNCONFIRMED'));
  expect(await listAll(pair.second)).toHaveLength(prompts.length);
});
