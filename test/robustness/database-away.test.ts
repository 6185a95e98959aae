import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { silentLogger } from '../../src/kit/logger.ts';
import { createDatabase } from '../../src/store/database.ts';
import { startDisposablePostgres } from '../support/database.ts';
import { createImage } from '../support/documents.ts';
import { createFastClock } from '../support/fast-clock.ts';
import { wideLimits } from '../support/gateway.ts';
import { startGatewayProcess, upstreamEnvironment } from '../support/gateway-process.ts';
import { letTimePass } from '../support/let-time-pass.ts';
import { createTemporaryDirectory } from '../support/temporary-directory.ts';
import { createImageTask, startTroubledGateway, startTroubledUpstream } from '../support/troubled-gateway.ts';
import { until } from '../support/until.ts';
import { untilEnded } from '../support/until-ended.ts';

const action = 'CreateAigcImageTask';
/** Longer than it takes to stop the database on a busy machine. */
const delayed = { kind: 'delay', ms: 4_000, action, times: 1 } as const;

async function readAnswers(directory: string): Promise<string> {
  return await readFile(join(directory, 'answers.log'), 'utf8').catch(() => '');
}

test('while the database is away nothing crashes, and nothing is lost', async () => {
  await using server = await startDisposablePostgres();
  await using gateway = await startTroubledGateway({ databaseUrl: server.connectionString, createWaitMs: 0 });
  const { proxy, countOf, sandbox } = gateway.upstream;
  const running = await createImageTask(gateway, 'running [slow]');
  await until(() => countOf('running [slow]') === 1);
  proxy.fault(delayed);
  const sent = await createImageTask(gateway, 'on its way');
  await until(() => proxy.requests.filter((request) => request.action === action).length === 2);

  await server.stop();
  await until(async () => (await readAnswers(gateway.config.dataDirectory)).includes(sent));
  const [made] = sandbox.tasks().filter(({ request }) => request.Prompt === 'on its way');
  expect(await readAnswers(gateway.config.dataDirectory)).toContain(made?.taskId);
  expect((await fetch(`${gateway.url}/health/ready`)).status).toBe(503);
  expect((await fetch(`${gateway.url}/health/live`)).status).toBe(200);
  const refused = await gateway.send(createImage, { input: { prompt: 'not now', idempotencyKey: 'again' } });
  expect(refused.data?.createImageTask ?? null).toBeNull();

  await server.start();
  const again = await createImageTask(gateway, 'not now', 'again');
  for (const id of [running, sent, again]) expect(await untilEnded(gateway, id)).toMatchObject({ status: 'DONE' });
  expect(['running [slow]', 'on its way', 'not now'].map(countOf)).toEqual([1, 1, 1]);
}, 60_000);

test('for as long as the database is away nothing is sent, and then everything that waited is', async () => {
  // Twenty seconds of the gateway's take two; a limit of one a second is ten, as the upstream counts.
  const clock = createFastClock(10);
  await using server = await startDisposablePostgres();
  await using gateway = await startTroubledGateway(
    {
      databaseUrl: server.connectionString,
      createWaitMs: 0,
      upstreamLimits: { ...wideLimits, CreateAigcImageTask: 1, DescribeAigcImageTask: 15 },
    },
    { clock },
  );
  const { proxy, countOf } = gateway.upstream;
  const countCreates = (): number => proxy.requests.filter((request) => request.action === action).length;
  const prompts = Array.from({ length: 12 }, (_, index) => `waits ${index} [slow]`);
  proxy.fault({ kind: 'delay', ms: 400, action });
  const ids = await Promise.all(prompts.map((prompt) => createImageTask(gateway, prompt)));
  await until(() => countCreates() > 4);

  await server.stop();
  const from = clock.monotonic();
  const begun = countCreates();
  expect(begun).toBeLessThan(prompts.length);
  // Answers that were on their way came when nothing could take them but the disk.
  await until(async () => (await readAnswers(gateway.config.dataDirectory)) !== '');
  await until(() => clock.monotonic() - from > 20_000);
  expect(countCreates()).toBe(begun);

  await server.start();
  for (const id of ids) expect(await untilEnded(gateway, id)).toMatchObject({ status: 'DONE' });
  expect(prompts.map(countOf)).toEqual(prompts.map(() => 1));
}, 60_000);

test('a TaskId that only the disk could take is recorded by the next process', async () => {
  await using directory = await createTemporaryDirectory();
  await using server = await startDisposablePostgres();
  await using upstream = await startTroubledUpstream();
  const environment = {
    DATABASE_URL: server.connectionString,
    CREATE_WAIT_MS: '0',
    ...upstreamEnvironment(upstream.proxy.endpoint),
  };
  await using first = await startGatewayProcess(directory.path, environment);
  upstream.proxy.fault(delayed);
  const id = await createImageTask(first, 'on its way');
  await until(() => upstream.proxy.requests.length > 0);
  await server.stop();
  await until(async () => (await readAnswers(directory.path)).includes(id));
  await first.end('SIGKILL');
  await server.start();
  await using database = createDatabase(server.config, silentLogger);
  await letTimePass(database);

  await using second = await startGatewayProcess(directory.path, environment);
  expect(second.output()).toMatch(/^Recovered\s+1 /m);
  const end = await untilEnded(second, id);
  expect(end).toMatchObject({ status: 'DONE' });
  expect(upstream.countOf('on its way')).toBe(1);
  expect(await readAnswers(directory.path)).toBe('');
}, 60_000);
