import { v7 as createId } from 'uuid';
import { systemClock } from '../../src/kit/clock.ts';
import { silentLogger } from '../../src/kit/logger.ts';
import { createChangeAnnouncer } from '../../src/store/change-announcer.ts';
import { insertAdoptedTask } from '../../src/store/insert-task.ts';
import { moveTask } from '../../src/store/move-task.ts';
import { startBareGraphQLWs } from './bare-graphql-ws.ts';
import { benchAccount, localOwner, startBenchGateway, type BenchGateway } from './bench-gateway.ts';
import { machineMs } from './machine-clock.ts';

/** When a change was committed, on the machine's clock. */
export type Changed = { at: number; revision: number };

/** What tells subscribers of tasks, and what it is told of their changes by. */
export type LiveServer = AsyncDisposable & {
  /** Of its WebSockets. */
  url: string;
  addTask(): Promise<string>;
  change(id: string): Promise<Changed>;
};

export async function startLiveGateway(): Promise<LiveServer> {
  const gateway = await startBenchGateway();
  return { ...liveServerOf(gateway), [Symbol.asyncDispose]: () => gateway[Symbol.asyncDispose]() };
}

export function liveServerOf({ url, database, feedDatabase }: BenchGateway): Omit<LiveServer, keyof AsyncDisposable> {
  const announcer = createChangeAnnouncer(feedDatabase, 'benchmark', { clock: systemClock, logger: silentLogger });
  return {
    url: `${url.replace('http', 'ws')}/graphql`,

    async addTask() {
      const id = createId();
      const upstreamTaskId = `4-AigcImage-${id}`;
      const task = { id, owner: localOwner, account: benchAccount, kind: 'IMAGE', upstreamTaskId } as const;
      await insertAdoptedTask(database, task);
      return id;
    },

    async change(id) {
      const moved = await moveTask(database, id, {
        guard: { states: ['submitted'] },
        move: { state: 'submitted', status: 'RUN', failure: null, message: null, requestId: null },
      });
      const at = machineMs();
      if (moved === null) throw new Error('The watched task could not be moved.');
      announcer.changed(moved);
      return { at, revision: moved.revision };
    },
  };
}

export async function startLiveBareGraphQLWs(): Promise<LiveServer> {
  const bare = await startBareGraphQLWs();
  return {
    url: bare.url,
    addTask: () => Promise.resolve(createId()),
    change(id) {
      const at = machineMs();
      return Promise.resolve({ at, revision: bare.change(id) });
    },
    [Symbol.asyncDispose]: () => bare[Symbol.asyncDispose](),
  };
}
