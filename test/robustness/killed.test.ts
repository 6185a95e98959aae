import { sql } from 'kysely';
import { expect, test } from 'vitest';
import { silentLogger } from '../../src/kit/logger.ts';
import { createDatabase } from '../../src/store/database.ts';
import { createTestDatabase } from '../support/database.ts';
import { startGatewayProcess, upstreamEnvironment, type GatewayProcess } from '../support/gateway-process.ts';
import { letTimePass } from '../support/let-time-pass.ts';
import { listAll, type ListedTask } from '../support/list-all.ts';
import { createTemporaryDirectory } from '../support/temporary-directory.ts';
import { createImageTask, startTroubledUpstream } from '../support/troubled-gateway.ts';
import { until } from '../support/until.ts';
import { untilEnded } from '../support/until-ended.ts';

const seed = 20_260_115;
const kills = 8;
const streams = 6;

/** Mulberry32: the same moments in every run, as far as two processes can be compared. */
function createRandom(from: number): () => number {
  let state = from;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

test('killed at any moment, it loses no task and has none made twice', { timeout: 60_000 }, async () => {
  await using directory = await createTemporaryDirectory();
  await using testDatabase = await createTestDatabase();
  await using database = createDatabase(testDatabase.config, silentLogger);
  await using upstream = await startTroubledUpstream();
  // Time to be killed in, while a Create is on its way.
  upstream.proxy.fault({ kind: 'delay', ms: 15, action: 'CreateAigcImageTask' });
  const environment = {
    DATABASE_URL: testDatabase.connectionString,
    ...upstreamEnvironment(upstream.proxy.endpoint),
  };
  const random = createRandom(seed);
  const acknowledged = new Map<string, string>();
  const asked: string[] = [];

  const createUntilKilled = async (gateway: GatewayProcess, life: number, stream: number): Promise<void> => {
    for (let number = 0; ; number += 1) {
      const key = `${life}-${stream}-${number}`;
      asked.push(key);
      acknowledged.set(key, await createImageTask(gateway, key, key));
    }
  };
  for (let life = 0; life < kills; life += 1) {
    await using gateway = await startGatewayProcess(directory.path, environment);
    const creating = Array.from({ length: streams }, (_, stream) =>
      createUntilKilled(gateway, life, stream).catch(() => {}),
    );
    const acknowledgedBefore = acknowledged.size;
    await until(() => acknowledged.size > acknowledgedBefore + random() * 60);
    await gateway.end('SIGKILL');
    await Promise.all(creating);
    await letTimePass(database);
  }

  await using gateway = await startGatewayProcess(directory.path, environment);
  const repeat = async (key: string): Promise<void> => {
    const id = await createImageTask(gateway, key, key);
    expect(id).toBe(acknowledged.get(key) ?? id);
    acknowledged.set(key, id);
  };
  await Promise.all(asked.map(repeat));
  let tasks: ListedTask[] = [];
  await until(async () => {
    tasks = await listAll(gateway);
    return tasks.every(({ status }) => status === 'DONE' || status === 'FAIL');
  });
  const unconfirmed = tasks.filter(({ failure }) => failure === 'SUBMISSION_UNCONFIRMED');
  console.log(`${kills} kills, ${tasks.length} tasks, ${unconfirmed.length} of them unconfirmed`);
  expect(tasks.map(({ prompt }) => prompt).toSorted()).toEqual(asked.toSorted());
  expect(tasks.every(({ id, prompt }) => acknowledged.get(prompt) === id)).toBe(true);
  expect(upstream.paidTwice()).toEqual([]);
  const done = tasks.filter(({ status }) => status === 'DONE');
  expect(done.map(({ prompt }) => upstream.countOf(prompt))).toEqual(done.map(() => 1));
  expect(done.length + unconfirmed.length).toBe(tasks.length);
  expect(done.length).toBeGreaterThan(unconfirmed.length);
});

test('control: a gateway that had forgotten that it sent a task would be found out', async () => {
  await using directory = await createTemporaryDirectory();
  await using testDatabase = await createTestDatabase();
  await using database = createDatabase(testDatabase.config, silentLogger);
  await using upstream = await startTroubledUpstream();
  await using gateway = await startGatewayProcess(directory.path, {
    DATABASE_URL: testDatabase.connectionString,
    ...upstreamEnvironment(upstream.proxy.endpoint),
  });
  const id = await createImageTask(gateway, 'sent once more');
  await untilEnded(gateway, id);
  expect(upstream.paidTwice()).toEqual([]);
  await sql`update task set state = 'held', status = 'WAIT', ended_at = null where id = ${id}`.execute(database);
  await until(() => upstream.countOf('sent once more') > 1);
  expect(upstream.paidTwice()).toEqual(['sent once more']);
});
