import { once } from 'node:events';
import { GRAPHQL_TRANSPORT_WS_PROTOCOL, MessageType, stringifyMessage } from 'graphql-ws';
import { type RawData, WebSocket } from 'ws';
import { z } from 'zod';
import { answerCommands } from './child.ts';
import { machineMs } from './machine-clock.ts';
import { commandSchema } from './socket-load.ts';

/** The child of socket-load.ts: WebSockets to the URL given as argument, one subscription each. */
const [url] = z.tuple([z.url()]).parse(process.argv.slice(2));

type Group = {
  size: number;
  sockets: WebSocket[];
  /** Of the events that nobody has asked for yet, when each came. */
  arrivedAt: number[];
  onArrival(): void;
};

const groups = new Map<string, Group>();
const openedAtOnce = 50;

/** Takes the first whole round: each of the group gets every event, in order, before the next change is made. */
async function takeArrivals(group: Group): Promise<number[]> {
  while (group.arrivedAt.length < group.size) await new Promise<void>((resolve) => (group.onArrival = resolve));
  return group.arrivedAt.splice(0, group.size);
}

/** Parsing a thousand messages would make the last ones late. */
function isEvent(data: RawData): boolean {
  return Buffer.isBuffer(data) && data.includes(`"type":"${MessageType.Next}"`) && !data.includes('"errors":');
}

async function open(group: Group, query: string, taskId: string): Promise<void> {
  const socket = new WebSocket(url, GRAPHQL_TRANSPORT_WS_PROTOCOL, { perMessageDeflate: false });
  group.sockets.push(socket);
  await once(socket, 'open');
  socket.send(stringifyMessage({ type: MessageType.ConnectionInit }));
  await once(socket, 'message'); // connection_ack
  socket.on('message', (data) => {
    const now = machineMs();
    if (!isEvent(data)) throw new Error('A subscriber got something else than an event.');
    group.arrivedAt.push(now);
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
  const group = groups.get(command.group) ?? { size: 0, sockets: [], arrivedAt: [], onArrival: () => {} };
  groups.set(command.group, group);
  if (command.kind === 'arrivals') return await takeArrivals(group);
  if (command.kind === 'leave') {
    groups.delete(command.group);
    return await leave(group);
  }
  while (group.size < command.count) {
    const batch = Math.min(openedAtOnce, command.count - group.size);
    group.size += batch;
    await Promise.all(Array.from({ length: batch }, () => open(group, command.query, command.taskId)));
  }
  return await takeArrivals(group);
});
