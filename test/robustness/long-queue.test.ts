import { v7 as createId } from 'uuid';
import { expect, test } from 'vitest';
import { silentLogger } from '../../src/kit/logger.ts';
import { createDatabase } from '../../src/store/database.ts';
import { findHeldOrders, saveHeldOrders } from '../../src/store/held-order.ts';
import { insertTask } from '../../src/store/insert-task.ts';
import { createTestDatabase } from '../support/database.ts';
import { createVideo, readEstimate } from '../support/documents.ts';
import { startTestGateway, wideLimits } from '../support/gateway.ts';
import { schedules } from '../support/schedules.ts';
import { createImageTask } from '../support/troubled-gateway.ts';
import { until } from '../support/until.ts';
import { untilEnded } from '../support/until-ended.ts';

/** More than the scheduler keeps in memory. */
const videos = 1_200;
const account = 'sandbox/-/test';

async function startBehindQueue(owner: string, length = videos) {
  await using starting = new AsyncDisposableStack();
  const testDatabase = starting.use(await createTestDatabase());
  await using database = createDatabase(testDatabase.config, silentLogger);
  const recordVideo = async (id: string, prompt: string): Promise<boolean> =>
    await insertTask(database, {
      id,
      owner,
      account,
      kind: 'VIDEO',
      mode: 'TEXT_TO_VIDEO',
      warnings: [],
      retryOf: null,
      request: { kind: 'VIDEO', prompt },
      idempotencyKey: prompt,
      requestHash: prompt,
    });
  const ids = Array.from({ length }, () => createId());
  await Promise.all(ids.map((id, index) => recordVideo(id, `video ${index}`)));
  const gateway = starting.use(
    await startTestGateway({
      databaseUrl: testDatabase.connectionString,
      upstreamLimits: { ...wideLimits, CreateAigcVideoTask: 2 },
    }),
  );
  const running = starting.move();
  const countVideos = (): number => gateway.gateway.sandbox?.tasks().filter(({ kind }) => kind === 'video').length ?? 0;
  return { ...gateway, countVideos, lastId: ids.at(-1) ?? '', [Symbol.asyncDispose]: () => running.disposeAsync() };
}

test('a long queue of videos leaves the budget for images to images', async () => {
  await using gateway = await startBehindQueue('local');
  const ids = await Promise.all(['one', 'two', 'three'].map((prompt) => createImageTask(gateway, prompt)));
  for (const id of ids) expect(await untilEnded(gateway, id)).toMatchObject({ status: 'DONE' });
  expect(gateway.countVideos()).toBeLessThan(20);
});

test('who comes after another one’s queue, longer than what is kept in memory, waits a turn and not the queue', async () => {
  await using gateway = await startBehindQueue('another owner');
  const { createVideoTask: created } = await gateway.ask(createVideo, { input: { prompt: 'mine' } });
  if (created?.__typename !== 'CreateVideoTaskPayload') throw new Error(JSON.stringify(created));
  expect(await untilEnded(gateway, created.task.id)).toMatchObject({ status: 'DONE' });
  expect(gateway.countVideos()).toBeLessThan(20);
});

test('the last of a queue longer than what is kept in memory is expected after all of it', async () => {
  await using gateway = await startBehindQueue('local', 2_000);
  const secondsLeft = async (): Promise<number> => {
    const { task } = await gateway.ask(readEstimate, { id: gateway.lastId });
    const end = task?.__typename === 'VideoTask' ? task.estimate?.expectedEndAt : undefined;
    return (Date.parse(end ?? '') - Date.now()) / 1_000;
  };
  // Two a second are sent. What is kept in memory would take 500 s, and a video takes three minutes.
  await expect.poll(secondsLeft).toBeGreaterThan(1_000);
});

test('paused, no order from before stays in force', async () => {
  await using testDatabase = await createTestDatabase();
  const databaseUrl = testDatabase.connectionString;
  await using gateway = await startTestGateway({ databaseUrl, submissions: 'paused' });
  await using database = createDatabase(testDatabase.config, silentLogger);
  const order = { kind: 'VIDEO', taskIds: [createId()], held: 2_700, perSecond: 2 } as const;
  const heldOfVideos = async (): Promise<number | undefined> =>
    (await findHeldOrders(database, account)).find(({ kind }) => kind === 'VIDEO')?.held;
  await until(() => schedules(gateway));
  await gateway[Symbol.asyncDispose]();
  await saveHeldOrders(database, account, [order]);
  expect(await heldOfVideos()).toBe(2_700);
  await using paused = await startTestGateway({ databaseUrl, submissions: 'paused' });
  await until(() => schedules(paused));
  await expect.poll(heldOfVideos).toBe(0);
});
