import { sql } from 'kysely';
import { expect, test } from 'vitest';
import { silentLogger } from '../../src/kit/logger.ts';
import { createDatabase } from '../../src/store/database.ts';
import { createTestDatabase } from '../support/database.ts';
import { followTask } from '../support/documents.ts';
import { startGatewayProcess, upstreamEnvironment } from '../support/gateway-process.ts';
import { createTemporaryDirectory } from '../support/temporary-directory.ts';
import { createImageTask, startTroubledUpstream } from '../support/troubled-gateway.ts';
import { until } from '../support/until.ts';

/** A gateway in a process of its own, while a Create of it is on its way. */
async function startSending(fault: { kind: 'delay'; ms: number } | { kind: 'lost-hang' }) {
  await using starting = new AsyncDisposableStack();
  const directory = starting.use(await createTemporaryDirectory());
  const testDatabase = starting.use(await createTestDatabase());
  const database = starting.use(createDatabase(testDatabase.config, silentLogger));
  const upstream = starting.use(await startTroubledUpstream());
  const gateway = starting.use(
    await startGatewayProcess(directory.path, {
      DATABASE_URL: testDatabase.connectionString,
      CREATE_WAIT_MS: '0',
      ...upstreamEnvironment(upstream.proxy.endpoint),
    }),
  );
  upstream.proxy.fault({ ...fault, action: 'CreateAigcImageTask' });
  const id = await createImageTask(gateway, 'on its way');
  await until(() => upstream.proxy.requests.length > 0);
  const running = starting.move();
  return { gateway, database, upstream, id, [Symbol.asyncDispose]: () => running.disposeAsync() };
}

test('SIGTERM: subscribers are sent elsewhere, the Create under way is recorded, the lease is given back', async () => {
  await using sending = await startSending({ kind: 'delay', ms: 1_000 });
  const { gateway, database, upstream, id } = sending;
  const states = gateway.watch(followTask, { id });
  expect((await states.next()).value?.data).toMatchObject({ taskStatus: { status: 'WAIT' } });
  const rest = states.next().catch(() => null);

  const exit = gateway.end('SIGTERM');
  await until(() => gateway.closeCode() !== null);
  expect(gateway.closeCode()).toBe(1012);
  await rest;
  expect(await exit).toEqual({ code: 0, signal: null });

  const { rows } = await sql<{ state: string; sent: boolean; free: boolean }>`
    select state, upstream_task_id is not null as sent, expires_at <= clock_timestamp() as free
    from task cross join account_lease where id = ${id}`.execute(database);
  expect(rows).toEqual([{ state: 'submitted', sent: true, free: true }]);
  expect(upstream.countOf('on its way')).toBe(1);
  expect(gateway.output()).not.toMatch(/"level":[56]0/);
});

test.for(['SIGTERM', 'SIGINT'] as const)('a second signal, %s, ends it at once', async (second) => {
  await using sending = await startSending({ kind: 'lost-hang' });
  const { gateway } = sending;
  gateway.signal('SIGTERM');
  await until(() => gateway.output().includes('A second signal ends at once'));
  const from = performance.now();
  expect(await gateway.end(second)).toEqual({ code: null, signal: second });
  expect(performance.now() - from).toBeLessThan(5_000);
});
