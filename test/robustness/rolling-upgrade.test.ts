import { sql } from 'kysely';
import { expect, test } from 'vitest';
import { migrations as released } from '../../migrations/index.ts';
import type { GatewayOverrides } from '../../src/gateway/gateway.ts';
import { silentLogger } from '../../src/kit/logger.ts';
import { migrate } from '../../src/store/migrate.ts';
import type { Migration } from '../../src/store/migration.ts';
import { createFastClock } from '../support/fast-clock.ts';
import { startTestGateway, type TestGateway } from '../support/gateway.ts';
import { createImageTask, startTroubledUpstream } from '../support/troubled-gateway.ts';
import { untilEnded } from '../support/until-ended.ts';

const newest = Object.keys(released).at(-1) ?? '';

/** Of a release after this one. */
function invented(others: Omit<Migration, 'up'>) {
  const up: Migration['up'] = async (open) => {
    await sql`alter table task add column mood text`.execute(open);
  };
  return { ...released, '9999-mood': { up, ...others } };
}

/** A database with one gateway of this release, and a way to start more. */
async function startFirst() {
  await using starting = new AsyncDisposableStack();
  const upstream = starting.use(await startTroubledUpstream());
  const first = starting.use(await startTestGateway({ upstream: upstream.config }));
  const { databaseUrl } = first.config;
  if (databaseUrl === null) throw new Error('The gateway has no database of the test.');
  const start = (overrides: GatewayOverrides = {}): Promise<TestGateway> =>
    startTestGateway({ databaseUrl, upstream: upstream.config }, overrides);
  const running = starting.move();
  return { first, databaseUrl, start, [Symbol.asyncDispose]: () => running.disposeAsync() };
}

test('beside a newer release, and after a roll back, this one goes on, and starts', async () => {
  await using replicas = await startFirst();
  const { first, start } = replicas;
  const before = await createImageTask(first, 'before the upgrade');
  await using newer = await start({ migrations: invented({ compatibleWith: newest }) });
  const beside = await createImageTask(first, 'beside the newer one');
  await using older = await start();
  const after = await createImageTask(older, 'after the roll back');
  for (const id of [before, beside, after]) expect((await untilEnded(newer, id)).status).toBe('DONE');
});

test('a start on a schema that a newer release has made unfit for this one ends, and says why', async () => {
  await using replicas = await startFirst();
  const connection = { connectionString: replicas.databaseUrl };
  await migrate(connection, silentLogger, { migrations: invented({}) });
  await expect(replicas.start()).rejects.toThrow(
    /^The database was migrated by release .* its migration 9999-mood leaves a schema that this release, .*, can't run on/,
  );
});

test('of two that start together, one migrates and the other waits for it', async () => {
  await using replicas = await startFirst();
  const { promise: waits, resolve: tellWaits } = Promise.withResolvers<void>();
  let runs = 0;
  const up: Migration['up'] = async (open) => {
    runs += 1;
    await waits;
    await sql`alter table task add column mood text`.execute(open);
  };
  const fast = createFastClock(50);
  const sleep: typeof fast.sleep = async (ms, signal) => {
    if (runs > 0) tellWaits();
    await fast.sleep(ms, signal);
  };
  const overrides = { migrations: { ...released, '9999-mood': { up } }, clock: { ...fast, sleep } };
  const started = await Promise.all([replicas.start(overrides), replicas.start(overrides)]);
  for (const gateway of started) await gateway[Symbol.asyncDispose]();
  expect(runs).toBe(1);
});
