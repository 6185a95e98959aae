import { z } from 'zod';
import type { Benchmark, Row } from './benchmark.ts';
import { startChild } from './child.ts';
import { startSocketLoad } from './socket-load.ts';
import { watchTask } from './watch-task-document.ts';

const crowdSize = 10_000;

export const idleMemory: Benchmark = {
  name: 'idle-memory',
  description: 'What the memory of a process grows by with each idle subscriber, beside the same with bare graphql-ws',
  run: async () => [await measureIdleMemory()],
};

/** In processes of their own: memory that was once used is not given back. */
export async function measureIdleMemory(size = crowdSize): Promise<Row> {
  return {
    what: `memory (RSS) of each of ${size.toLocaleString('en')} idle subscribers`,
    unit: 'kB',
    samples: [await memoryOfEach('gateway', size)],
    beside: { what: 'bare graphql-ws', samples: [await memoryOfEach('bare', size)] },
  };
}

const startedSchema = z.object({ url: z.string(), taskId: z.string() });

async function memoryOfEach(server: 'gateway' | 'bare', size: number): Promise<number> {
  using child = startChild(new URL('idle-memory-process.ts', import.meta.url), [server]);
  const { url, taskId } = startedSchema.parse(await child.call({ kind: 'start' }));
  using load = startSocketLoad(url);
  const subscribe = async (group: string, count: number) =>
    await load.subscribe(
      group,
      watchTask,
      Array.from({ length: count }, () => taskId),
    );
  const measure = async (): Promise<number> => z.number().parse(await child.call({ kind: 'measure' }));
  await subscribe('warms up', 500);
  await load.leave('warms up');
  const before = await measure();
  await subscribe('crowd', size);
  const grown = (await measure()) - before;
  await load.leave('crowd');
  await child.call({ kind: 'stop' });
  return grown / size / 1_000;
}
