import { deepStrictEqual } from 'node:assert/strict';
import { z } from 'zod';
import type { LiveServer } from './live-servers.ts';
import type { Arrival, SocketLoad } from './socket-load.ts';
import { watchTask } from './watch-task-document.ts';

type Side = { server: LiveServer; load: SocketLoad };

/** Throws where the two tell their subscribers something else: names, what has no value yet, and lengths are to be equal. */
export async function sameEvents(one: Side, other: Side): Promise<void> {
  deepStrictEqual(await eventsOf(one), await eventsOf(other));
}

async function eventsOf({ server, load }: Side) {
  const id = await server.addTask();
  const first = await load.subscribe(id, watchTask, [id]);
  await server.change(id);
  const told = [...first, ...(await load.arrivals(id))];
  await load.leave(id);
  return told.map(withoutValues);
}

const eventSchema = z.object({
  id: z.string(),
  type: z.literal('next'),
  payload: z.strictObject({ data: z.strictObject({ taskStatus: z.record(z.string(), z.unknown()) }) }),
});

function withoutValues({ text }: Arrival) {
  const { taskStatus } = eventSchema.parse(JSON.parse(text)).payload.data;
  const fields = Object.entries(taskStatus).map(([name, value]) => [name, typeof value]);
  return { fields, characters: text.length };
}
