import { z } from 'zod';
import { startChild } from './child.ts';

export const commandSchema = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('subscribe'),
    group: z.string(),
    query: z.string(),
    taskIds: z.array(z.string()),
  }),
  z.object({ kind: z.literal('arrivals'), group: z.string(), rounds: z.number() }),
  z.object({ kind: z.literal('leave'), group: z.string() }),
]);

const arrivalsSchema = z.array(z.object({ at: z.number(), text: z.string() }));

/** An event's message, and when it came on the machine's clock. */
export type Arrival = z.infer<typeof arrivalsSchema>[number];

export type SocketLoad = Disposable & {
  /** Opens a WebSocket for each of these tasks. Resolves with what each was told when all have been told the task as it is. */
  subscribe(group: string, query: string, taskIds: readonly string[]): Promise<Arrival[]>;
  /** The next events of a group, so many for each of it. Also those that have arrived already. */
  arrivals(group: string, rounds?: number): Promise<Arrival[]>;
  /** Closes a group's WebSockets. */
  leave(group: string): Promise<void>;
};

/** Subscribers on WebSockets of their own, in a process of their own. */
export function startSocketLoad(url: string): SocketLoad {
  const child = startChild(new URL('socket-load-process.ts', import.meta.url), [url]);
  return {
    subscribe: async (group, query, taskIds) =>
      arrivalsSchema.parse(await child.call({ kind: 'subscribe', group, query, taskIds })),
    arrivals: async (group, rounds = 1) => arrivalsSchema.parse(await child.call({ kind: 'arrivals', group, rounds })),
    leave: async (group) => void (await child.call({ kind: 'leave', group })),
    [Symbol.dispose]: child[Symbol.dispose],
  };
}
