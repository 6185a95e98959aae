import { z } from 'zod';
import { startChild } from './child.ts';

export const commandSchema = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('subscribe'),
    group: z.string(),
    query: z.string(),
    taskIds: z.array(z.string()),
  }),
  z.object({ kind: z.literal('arrivals'), group: z.string() }),
  z.object({ kind: z.literal('arrived'), group: z.string() }),
  z.object({ kind: z.literal('leave'), group: z.string() }),
]);

const arrivalsSchema = z.array(z.object({ at: z.number(), text: z.string() }));

/** An event's message, and when it came on the machine's clock. */
export type Arrival = z.infer<typeof arrivalsSchema>[number];

export type SocketLoad = Disposable & {
  /** Opens a WebSocket for each of these tasks. Resolves with what each was told when all have been told the task as it is. */
  subscribe(group: string, query: string, taskIds: readonly string[]): Promise<Arrival[]>;
  /** The next event of each of a group. Also those that have arrived already. */
  arrivals(group: string): Promise<Arrival[]>;
  /** The events that have arrived already, and were not taken yet. */
  arrived(group: string): Promise<Arrival[]>;
  /** Closes a group's WebSockets. */
  leave(group: string): Promise<void>;
};

/** Subscribers on WebSockets of their own, in a process of their own. */
export function startSocketLoad(url: string): SocketLoad {
  const child = startChild(new URL('socket-load-process.ts', import.meta.url), [url]);
  return {
    subscribe: async (group, query, taskIds) =>
      arrivalsSchema.parse(await child.call({ kind: 'subscribe', group, query, taskIds })),
    arrivals: async (group) => arrivalsSchema.parse(await child.call({ kind: 'arrivals', group })),
    arrived: async (group) => arrivalsSchema.parse(await child.call({ kind: 'arrived', group })),
    leave: async (group) => void (await child.call({ kind: 'leave', group })),
    [Symbol.dispose]: child[Symbol.dispose],
  };
}
