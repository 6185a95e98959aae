import { v7 as createId } from 'uuid';
import { expect, test } from 'vitest';
import { silentLogger } from '../../src/logger.ts';
import { createDatabase } from '../../src/store/database.ts';
import { insertTask } from '../../src/store/insert-task.ts';
import { createTestDatabase } from '../support/database.ts';
import { createVideo } from '../support/documents.ts';
import { startTestGateway, wideLimits } from '../support/gateway.ts';
import { createImageTask } from '../support/troubled-gateway.ts';
import { untilEnded } from '../support/until-ended.ts';

/** More than the scheduler keeps in memory. */
const videos = 1_200;

async function startBehindQueue(owner: string) {
  await using starting = new AsyncDisposableStack();
  const testDatabase = starting.use(await createTestDatabase());
  await using database = createDatabase(testDatabase.config, silentLogger);
  const recordVideo = async (prompt: string): Promise<boolean> =>
    await insertTask(database, {
      id: createId(),
      owner,
      account: 'sandbox/-/test',
      kind: 'VIDEO',
      mode: 'TEXT_TO_VIDEO',
      warnings: [],
      retryOf: null,
      request: { kind: 'VIDEO', prompt },
      idempotencyKey: prompt,
      requestHash: prompt,
    });
  await Promise.all(Array.from({ length: videos }, (_, index) => recordVideo(`video ${index}`)));
  const gateway = starting.use(
    await startTestGateway({
      databaseUrl: testDatabase.connectionString,
      upstreamLimits: { ...wideLimits, CreateAigcVideoTask: 2 },
    }),
  );
  const running = starting.move();
  const countVideos = (): number => gateway.gateway.sandbox?.tasks().filter(({ kind }) => kind === 'video').length ?? 0;
  return { ...gateway, countVideos, [Symbol.asyncDispose]: () => running.disposeAsync() };
}

test('a long queue of videos leaves the budget for images to images', async () => {
  await using gateway = await startBehindQueue('local');
  const ids = await Promise.all(['one', 'two', 'three'].map((prompt) => createImageTask(gateway, prompt)));
  for (const id of ids) expect(await untilEnded(gateway, id)).toMatchObject({ status: 'DONE' });
  expect(gateway.countVideos()).toBeLessThan(20);
});

test('who comes after another one’s queue, longer than what is kept in memory, waits a turn and not the queue', async () => {
  await using gateway = await startBehindQueue('somebody else');
  const { createVideoTask: created } = await gateway.ask(createVideo, { input: { prompt: 'mine' } });
  if (created?.__typename !== 'CreateVideoTaskPayload') throw new Error(JSON.stringify(created));
  expect(await untilEnded(gateway, created.task.id)).toMatchObject({ status: 'DONE' });
  expect(gateway.countVideos()).toBeLessThan(20);
});
