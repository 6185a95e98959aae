import { Kysely, PostgresDialect } from 'kysely';
import { expect, test } from 'vitest';
import { silentLogger } from '../../src/kit/logger.ts';
import { createPool } from '../../src/store/database.ts';
import { createReachability } from '../../src/store/reachability.ts';
import type { Tables } from '../../src/store/tables.ts';
import { createTestDatabase } from '../support/database.ts';
import { createManualClock } from '../support/manual-clock.ts';
import { startTcpProxy } from '../support/tcp-proxy.ts';

/** Counts what is asked of the database. */
async function openCounted() {
  await using opening = new AsyncDisposableStack();
  const server = opening.use(await createTestDatabase());
  const proxy = opening.use(await startTcpProxy(server.config));
  const connection = { ...server.config, host: '127.0.0.1', port: proxy.port, max: 1 };
  const dialect = new PostgresDialect({ pool: createPool(connection, silentLogger) });
  let asked = 0;
  const database = opening.use(new Kysely<Tables>({ dialect, log: () => void (asked += 1) }));
  const open = opening.move();
  return { database, proxy, asked: () => asked, [Symbol.asyncDispose]: () => open.disposeAsync() };
}

test('those who ask at the same time share one question', async () => {
  await using counted = await openCounted();
  const isReachable = createReachability(counted.database, createManualClock());
  const answers = await Promise.all(Array.from({ length: 20 }, isReachable));
  expect([new Set(answers), counted.asked()]).toEqual([new Set([true]), 1]);
  expect([await isReachable(), counted.asked()]).toEqual([true, 2]);
});

// The question itself is given up after ten seconds.
test('a database that answers nothing is not reachable before a second is over', { timeout: 9_000 }, async () => {
  await using counted = await openCounted();
  const clock = createManualClock();
  const isReachable = createReachability(counted.database, clock);
  expect(await isReachable()).toBe(true);
  counted.proxy.freeze();
  const asking = isReachable();
  await clock.advance(999);
  expect(await asking).toBe(false);
  counted.proxy.cut();
  await expect.poll(isReachable).toBe(true);
});
