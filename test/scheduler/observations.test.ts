import { expect, test } from 'vitest';
import { silentLogger } from '../../src/kit/logger.ts';
import { createDatabase } from '../../src/store/database.ts';
import { createVideo, followTask } from '../support/documents.ts';
import { startTestGateway } from '../support/gateway.ts';

test('the next process that schedules finds since when a task has been running', async () => {
  // A video of a minute and a half takes one and a half seconds: several polls.
  await using gateway = await startTestGateway({ sandbox: { port: 0, speed: 60, failShare: 0, seed: 1 } });
  await using database = createDatabase({ connectionString: gateway.config.databaseUrl ?? '' }, silentLogger);
  const { createVideoTask } = await gateway.ask(createVideo, { input: { prompt: 'a storm' } });
  if (createVideoTask?.__typename !== 'CreateVideoTaskPayload') throw new Error(JSON.stringify(createVideoTask));
  for await (const { data } of gateway.watch(followTask, { id: createVideoTask.task.id })) {
    if (data?.taskStatus?.status === 'DONE') break;
  }
  const progress = await database.selectFrom('task_progress').selectAll().executeTakeFirstOrThrow();
  const { submitted_at } = await database.selectFrom('task').select('submitted_at').executeTakeFirstOrThrow();
  expect(progress.poll_count).toBeGreaterThan(2);
  expect(progress.run_started_at?.getTime()).toBeGreaterThan(submitted_at?.getTime() ?? Number.NaN);
  expect(progress.run_started_at?.getTime()).toBeLessThan(progress.last_unfinished_at?.getTime() ?? Number.NaN);
});
