import { v7 as createId } from 'uuid';
import { expect, test } from 'vitest';
import { silentLogger } from '../../src/logger.ts';
import { createDatabase } from '../../src/store/database.ts';
import { insertTask } from '../../src/store/insert-task.ts';
import { createTestDatabase } from '../support/database.ts';
import { startTestGateway, wideLimits } from '../support/gateway.ts';
import { createImageTask } from '../support/troubled-gateway.ts';
import { untilEnded } from '../support/until-ended.ts';

/** More than the scheduler keeps in memory. */
const videos = 1_200;

test('a long queue of videos leaves the budget for images to images', async () => {
  await using testDatabase = await createTestDatabase();
  await using database = createDatabase(testDatabase.config, silentLogger);
  const recordVideo = async (prompt: string): Promise<boolean> =>
    await insertTask(database, {
      id: createId(),
      owner: 'local',
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
  await using gateway = await startTestGateway({
    databaseUrl: testDatabase.connectionString,
    upstreamLimits: { ...wideLimits, CreateAigcVideoTask: 0.1 },
  });
  const ids = await Promise.all(['one', 'two', 'three'].map((prompt) => createImageTask(gateway, prompt)));
  for (const id of ids) expect(await untilEnded(gateway, id)).toMatchObject({ status: 'DONE' });
  const made = gateway.gateway.sandbox?.tasks() ?? [];
  expect(made.filter(({ kind }) => kind === 'video').length).toBeLessThan(3);
});
