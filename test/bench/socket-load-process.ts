import { once } from 'node:events';
import { GRAPHQL_TRANSPORT_WS_PROTOCOL, MessageType, stringifyMessage } from 'graphql-ws';
import { type RawData, WebSocket } from 'ws';
import { z } from 'zod';
import { answerCommands } from './child.ts';
import { machineMs } from './machine-clock.ts';
import { type Arrival, commandSchema } from './socket-load.ts';

/** The child of socket-load.ts: WebSockets to the URL given as argument, one subscription each. */
const [url] = z.tuple([z.url()]).parse(process.argv.slice(2));

type Group = {
  sockets: WebSocket[];
  /** The events that were not taken yet. Parsing a thousand messages would make the last ones late. */
  events: { at: number; data: Buffer }[];
  onArrival(): void;
};

const groups = new Map<string, Group>();
const openedAtOnce = 50;

/** A whole round: each of the group gets every event, in order, before the next change of its task is made. */
async function takeArrivals(group: Group): Promise<Arrival[]> {
  const wanted = group.sockets.length;
  while (group.events.length < wanted) await new Promise<void>((resolve) => (group.onArrival = resolve));
  return take(group, wanted);
}

function take(group: Group, count: number): Arrival[] {
  return group.events.splice(0, count).map(({ at, data }) => ({ at, text: data.toString() }));
}

function isEvent(data: RawData): data is Buffer {
  return Buffer.isBuffer(data) && data.includes(`"type":"${MessageType.Next}"`) && !data.includes('"errors":');
}

async function open(group: Group, query: string, taskId: string): Promise<void> {
  const socket = new WebSocket(url, GRAPHQL_TRANSPORT_WS_PROTOCOL, { perMessageDeflate: false });
  group.sockets.push(socket);
  await once(socket, 'open');
  socket.send(stringifyMessage({ type: MessageType.ConnectionInit }));
  await once(socket, 'message'); // connection_ack
  socket.on('message', (data) => {
    const at = machineMs();
    if (!isEvent(data)) throw new Error('A subscriber got something else than an event.');
    group.events.push({ at, data });
    group.onArrival();
  });
  socket.on('close', (code) => {
    throw new Error(`A subscriber's socket was closed with ${code}.`);
  });
  socket.send(
    stringifyMessage({ type: MessageType.Subscribe, id: 'task', payload: { query, variables: { id: taskId } } }),
  );
}

async function leave(group: Group): Promise<void> {
  const closed = group.sockets.map(async (socket) => {
    socket.removeAllListeners('close');
    socket.close();
    await once(socket, 'close');
  });
  await Promise.all(closed);
}

answerCommands(commandSchema, async (command) => {
  const group = groups.get(command.group) ?? { sockets: [], events: [], onArrival: () => {} };
  groups.set(command.group, group);
  if (command.kind === 'arrivals') return await takeArrivals(group);
  if (command.kind === 'arrived') return take(group, group.events.length);
  if (command.kind === 'leave') {
    groups.delete(command.group);
    return await leave(group);
  }
  const { query, taskIds } = command;
  for (let at = 0; at < taskIds.length; at += openedAtOnce)
    await Promise.all(taskIds.slice(at, at + openedAtOnce).map((taskId) => open(group, query, taskId)));
  return await takeArrivals(group);
});
