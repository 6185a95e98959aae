import { expect, test } from 'vitest';
import { createTestDatabase } from '../support/database.ts';
import { followChanges, readTask } from '../support/documents.ts';
import { startGatewayProcess, upstreamEnvironment, type GatewayProcess } from '../support/gateway-process.ts';
import { schedules } from '../support/schedules.ts';
import { createTemporaryDirectory } from '../support/temporary-directory.ts';
import { createImageTask, startTroubledUpstream } from '../support/troubled-gateway.ts';
import { until } from '../support/until.ts';
import { untilEnded } from '../support/until-ended.ts';

async function isSent(gateway: GatewayProcess, id: string): Promise<boolean> {
  const { task } = await gateway.ask(readTask, { id });
  return task?.__typename === 'ImageTask' && task.upstreamTaskId !== null;
}

/** How long until a task is known upstream, in milliseconds. */
async function timeToSend(gateway: GatewayProcess, prompt: string): Promise<number> {
  const from = performance.now();
  const id = await createImageTask(gateway, prompt);
  await until(() => isSent(gateway, id));
  return performance.now() - from;
}

test('of two gateways on one database one schedules, and the other takes over', { timeout: 60_000 }, async () => {
  await using directories = new AsyncDisposableStack();
  // One of its own for each.
  const newDirectory = async (): Promise<string> => directories.use(await createTemporaryDirectory()).path;
  await using testDatabase = await createTestDatabase();
  await using upstream = await startTroubledUpstream();
  const environment = {
    DATABASE_URL: testDatabase.connectionString,
    ...upstreamEnvironment(upstream.proxy.endpoint),
  };
  await using first = await startGatewayProcess(await newDirectory(), environment);
  await until(() => schedules(first));
  await using second = await startGatewayProcess(await newDirectory(), environment);

  // Through the one that doesn't schedule: sent at once, and its subscribers hear of every task's end.
  const ends = new Set<string>();
  const changes = second.watch(followChanges, {});
  const watch = async (): Promise<void> => {
    for await (const { data } of changes) {
      const task = data?.taskChanges.task;
      if (task?.status === 'DONE') ends.add(task.id);
    }
  };
  // It ends with its gateway.
  const watching = watch().catch(() => {});
  const ids: string[] = [];
  for (let index = 0; index < 20; index += 1) {
    const from = performance.now();
    const id = await createImageTask(index % 2 === 0 ? second : first, `shared ${index}`);
    expect(await isSent(second, id)).toBe(true);
    expect(performance.now() - from).toBeLessThan(6_000);
    ids.push(id);
  }
  await until(() => ids.every((id) => ends.has(id)));
  expect(await schedules(second)).toBe(false);

  // Killed: its lease runs out.
  await first.end('SIGKILL');
  const afterKill = await timeToSend(second, 'after the kill');
  expect(afterKill).toBeLessThan(13_000);

  // Stopped cleanly: the lease is given back.
  await using third = await startGatewayProcess(await newDirectory(), environment);
  expect(await second.end('SIGTERM')).toEqual({ code: 0, signal: null });
  await watching;
  const afterStop = await timeToSend(third, 'after the stop');
  expect(afterStop).toBeLessThan(4_000);
  console.log(`taken over after ${Math.round(afterKill)} ms (killed), ${Math.round(afterStop)} ms (stopped)`);

  const prompts = [...ids.map((_, index) => `shared ${index}`), 'after the kill', 'after the stop'];
  expect(prompts.map(upstream.countOf)).toEqual(prompts.map(() => 1));
  await untilEnded(third, await createImageTask(third, 'and on'));
});
