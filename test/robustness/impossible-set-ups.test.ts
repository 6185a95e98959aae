import { access } from 'node:fs/promises';
import { join } from 'node:path';
import { sql } from 'kysely';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { startGateway } from '../../src/gateway/gateway.ts';
import { silentLogger } from '../../src/kit/logger.ts';
import { createAnswerLog } from '../../src/store/answer-log.ts';
import { createDatabase } from '../../src/store/database.ts';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';
import { startGatewayProcess, upstreamEnvironment } from '../support/gateway-process.ts';
import { testConfig } from '../support/gateway.ts';
import { schedules } from '../support/schedules.ts';
import { createTemporaryDirectory } from '../support/temporary-directory.ts';
import { createImageTask, startTroubledUpstream } from '../support/troubled-gateway.ts';
import { until } from '../support/until.ts';
import { untilEnded } from '../support/until-ended.ts';

let stack: AsyncDisposableStack;
let database: TestDatabase;
beforeEach(async () => {
  stack = new AsyncDisposableStack();
  database = stack.use(await createTestDatabase());
});
afterEach(() => stack.disposeAsync());

const newDirectory = async (): Promise<string> => stack.use(await createTemporaryDirectory()).path;

/** A gateway with a sandbox of its own. */
async function startBeside(directory: string, changes: Parameters<typeof testConfig>[2] = {}) {
  const config = testConfig(database.connectionString, directory, changes);
  return stack.use(await startGateway(config, { logger: silentLogger }));
}

test('a second gateway on one DATA_DIR is refused, and touches nothing of the first', async () => {
  const directory = await newDirectory();
  const first = await startBeside(directory);
  const answers = createAnswerLog(join(directory, 'answers.log'));
  await answers.append({
    taskId: '0198c0de-0000-7000-8000-000000000001',
    attempt: 1,
    upstreamTaskId: '4-AigcImage-1',
    requestId: null,
    answeredAt: new Date(),
  });
  const upstream = { endpoint: 'http://127.0.0.1:1', region: null, credentials: { secretId: 'a', secretKey: 'b' } };
  await expect(startBeside(directory, { upstream })).rejects.toThrow(
    /^Another gateway \(process \d+ on .+\) uses the folder .+: set another DATA_DIR, or stop the other gateway\.$/,
  );
  await access(join(directory, 'answers.log'));
  expect((await fetch(`${first.url}/health/ready`)).status).toBe(200);

  // Control: once the first is gone, its folder is free.
  await first[Symbol.asyncDispose]();
  await startBeside(directory, { upstream });
});

test('a second sandbox of one account on one database is refused, and leaves the first alone', async () => {
  const first = await startBeside(await newDirectory());
  await expect(startBeside(await newDirectory())).rejects.toThrow(
    /^Another gateway on this database runs a sandbox of its own .+ `npm run sandbox` .+ TENCENTCLOUD_ENDPOINT/,
  );
  await until(() => schedules(first));

  // Control: another account, or the first one gone, and nothing is in the way.
  await startBeside(await newDirectory(), { upstreamAccount: 'another' });
  await first[Symbol.asyncDispose]();
  await startBeside(await newDirectory());
});

test('a gateway that could not start for another reason keeps nobody from starting', async () => {
  const taken = await startBeside(await newDirectory(), { upstreamAccount: 'another' });
  const port = Number(new URL(taken.url).port);
  await expect(startBeside(await newDirectory(), { port })).rejects.toThrow(/EADDRINUSE/);
  await startBeside(await newDirectory());
});

test('a gateway that was killed alone schedules again as soon as it runs', { timeout: 60_000 }, async () => {
  const upstream = stack.use(await startTroubledUpstream());
  const environment = {
    DATABASE_URL: database.connectionString,
    ...upstreamEnvironment(upstream.proxy.endpoint),
  };
  const directory = await newDirectory();
  const first = stack.use(await startGatewayProcess(directory, environment));
  await untilEnded(first, await createImageTask(first, 'before'));
  await first.end('SIGKILL');
  // However long its lease would still last.
  await using store = createDatabase(database.config, silentLogger);
  await sql`update account_lease set expires_at = clock_timestamp() + interval '1 hour'`.execute(store);
  const epoch = async () => (await store.selectFrom('account_lease').select('epoch').executeTakeFirst())?.epoch;
  const before = Number(await epoch());
  const second = stack.use(await startGatewayProcess(directory, environment));
  await untilEnded(second, await createImageTask(second, 'after'));
  expect(Number(await epoch())).toBe(before + 1);
  expect(['before', 'after'].map(upstream.countOf)).toEqual([1, 1]);
});

test('a gateway that is frozen keeps its folder, and with it the lease', { timeout: 60_000 }, async () => {
  const upstream = stack.use(await startTroubledUpstream());
  const environment = {
    DATABASE_URL: database.connectionString,
    ...upstreamEnvironment(upstream.proxy.endpoint),
  };
  const directory = await newDirectory();
  const first = stack.use(await startGatewayProcess(directory, environment));
  await until(() => schedules(first));
  first.signal('SIGSTOP');
  await expect(startGatewayProcess(directory, environment)).rejects.toThrow(/Another gateway/);
  first.signal('SIGCONT');
  await untilEnded(first, await createImageTask(first, 'thawed'));
});
