import * as z from 'zod';
import { openSocket } from '../http/socket.ts';
import { until } from '../support/until.ts';

const errors = z.array(
  z.object({ message: z.string(), extensions: z.looseObject({ code: z.string(), limit: z.string().optional() }) }),
);
const result = z.object({ data: z.record(z.string(), z.unknown()).nullish(), errors: errors.default([]) });

/** What a client sees of an operation at first: a whole answer, a subscription's first event, or what was wrong. */
export type Answer = z.infer<typeof result> & { bytes: number };

/** Sends the JSON text of an operation. Throws when what comes is no answer: a 5xx, a closed socket, an error without a code. */
export type Send = (url: string, operation: string) => Promise<Answer>;

export const overHttp: Send = async (url, operation) => {
  const text = await (await post(url, operation, 'application/graphql-response+json')).text();
  return { ...result.parse(JSON.parse(text)), bytes: Buffer.byteLength(text) };
};

export const overEventStream: Send = async (url, operation) => {
  const text = await readFirstEvent(await post(url, operation, 'text/event-stream'));
  return { ...result.parse(JSON.parse(/^data: (.+)$/m.exec(text)?.[1] ?? text)), bytes: Buffer.byteLength(text) };
};

export const overWebSocket: Send = async (url, operation) => {
  const socket = await openSocket(url);
  socket.send(`{"type":"subscribe","id":"1","payload":${operation}}`);
  const answer = () => socket.messages.find(({ id }) => id === '1');
  await until(() => answer() !== undefined || socket.isOver());
  if (socket.isOver()) throw new Error(`The socket was closed with ${await socket.closed}.`);
  socket.terminate();
  const { type, payload } = answer() ?? {};
  const bytes = Buffer.byteLength(JSON.stringify(answer()));
  return { ...result.parse(type === 'error' ? { errors: payload } : payload), bytes };
};

async function post(url: string, body: string, accept: string): Promise<Response> {
  const headers = { 'content-type': 'application/json', accept };
  const response = await fetch(`${url}/graphql`, { method: 'POST', headers, body });
  if (response.status >= 500) throw new Error(`The answer has the status ${response.status}.`);
  return response;
}

/** No more than that of a stream without an end, which is its reader's to make. */
async function readFirstEvent(response: Response): Promise<string> {
  const decoder = new TextDecoder();
  let text = '';
  for await (const chunk of response.body ?? []) {
    text += decoder.decode(chunk, { stream: true });
    if (/^data: .+\n\n/m.test(text)) break;
  }
  return text;
}
