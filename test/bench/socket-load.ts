import { z } from 'zod';
import { startChild } from './child.ts';

export const commandSchema = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('subscribe'),
    group: z.string(),
    query: z.string(),
    taskId: z.string(),
    count: z.number(),
  }),
  z.object({ kind: z.literal('arrivals'), group: z.string() }),
  z.object({ kind: z.literal('leave'), group: z.string() }),
]);

const arrivalsSchema = z.array(z.number());

export type SocketLoad = Disposable & {
  /** Opens so many WebSockets that each subscribe to a task. Resolves when each has been told the task as it is. */
  subscribe(group: string, query: string, taskId: string, count: number): Promise<void>;
  /** When the next event reached each of a group, on the machine's clock. Also of events that have arrived already. */
  arrivals(group: string): Promise<number[]>;
  /** Closes a group's WebSockets. */
  leave(group: string): Promise<void>;
};

/** Subscribers on WebSockets of their own, in a process of their own. */
export function startSocketLoad(url: string): SocketLoad {
  const child = startChild(new URL('socket-load-process.ts', import.meta.url), [url]);
  return {
    subscribe: async (group, query, taskId, count) =>
      void (await child.call({ kind: 'subscribe', group, query, taskId, count })),
    arrivals: async (group) => arrivalsSchema.parse(await child.call({ kind: 'arrivals', group })),
    leave: async (group) => void (await child.call({ kind: 'leave', group })),
    [Symbol.dispose]: child[Symbol.dispose],
  };
}
