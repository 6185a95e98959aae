import { connect } from 'node:net';
import { createClient } from 'graphql-ws';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import { openSocket } from './socket.ts';
import { post, startTestServer } from './test-server.ts';
import { until } from '../support/until.ts';

let server: Awaited<ReturnType<typeof startTestServer>>;
beforeEach(async () => {
  server = await startTestServer();
});
afterEach(() => server.close());

test('a running mutation is answered before the drain is over, and its connection is closed', async () => {
  const answering = post(server.url, { query: 'mutation { slowly }' });
  await until(() => server.gate.waiting === 1);
  let drained = false;
  const draining = server.drain().then(() => (drained = true));
  await expect(fetch(`${server.url}/health/live`)).rejects.toThrow();
  expect(drained).toBe(false);
  server.gate.open();
  const answered = await answering;
  expect(await answered.json()).toEqual({ data: { slowly: 'done' } });
  expect(answered.headers.get('connection')).toBe('close');
  await draining;
});

test('a request that was on its way is told that the server is not ready, and nothing is executed', async () => {
  const [health, mutation] = [await openConnection(), await openConnection()];
  health.send('GET /health/ready HTTP/1.1\r\n');
  const request = requestOf({ query: 'mutation { slowly }' });
  mutation.send(request.slice(0, 20));
  // What was sent on other connections by now has arrived on these.
  expect((await fetch(`${server.url}/health/ready`)).status).toBe(200);

  await server.drain();
  health.send('Host: localhost\r\n\r\n');
  mutation.send(request.slice(20));
  expect(await health.closed).toMatch(/^HTTP\/1\.1 503 [^]*"ready":false/);
  expect(await mutation.closed).toMatch(/^HTTP\/1\.1 503 [^]*"retryAfterSeconds":1,"code":"SERVICE_UNAVAILABLE"/);
  expect(server.gate.waiting).toBe(0);
});

test('WebSockets are closed with 1012, and clients come back with their subscriptions', async () => {
  const results: unknown[] = [];
  const closes: unknown[] = [];
  let url = server.url;
  const client = createClient({
    url: () => `${url.replace('http', 'ws')}/graphql`,
    webSocketImpl: WebSocket,
    retryWait: () => Promise.resolve(),
    on: { closed: (event) => closes.push(event) },
  });
  const unsubscribe = client.subscribe(
    { query: 'subscription { endless }' },
    { next: (result) => results.push(result), error: () => {}, complete: () => {} },
  );
  await until(() => results.length === 1);

  await using successor = await startTestServer();
  url = successor.url;
  await server.drain();
  await until(() => results.length === 2);
  expect(closes).toMatchObject([{ code: 1012 }]);
  expect([server.subscribers(), successor.subscribers()]).toEqual([0, 1]);
  unsubscribe();
  await client.dispose();
});

test('a mutation over a WebSocket is answered before the socket is closed, and the next is not begun', async () => {
  const socket = await openSocket(server.url);
  socket.subscribe('1', 'mutation { slowly }');
  socket.subscribe('2', 'subscription { endless }');
  await until(() => server.gate.waiting === 1 && server.subscribers() === 1);

  const draining = server.drain();
  socket.subscribe('3', 'mutation { slowly }');
  socket.say({ type: 'ping' });
  await socket.heard({ type: 'pong' });
  server.gate.open();
  await draining;
  expect(await socket.closed).toBe(1012);
  expect(socket.messages).toContainEqual({ type: 'next', id: '1', payload: { data: { slowly: 'done' } } });
  expect(server.gate.waiting).toBe(1);
});

test('streams of events are cut off, not completed: their readers are to come again', async () => {
  const answered = await post(server.url, { query: 'subscription { endless }' }, { accept: 'text/event-stream' });
  await until(() => server.subscribers() === 1);
  const text = answered.text().catch((error: unknown) => error);
  await server.drain();
  expect(await text).toBeInstanceOf(TypeError);
  await until(() => server.subscribers() === 0);
});

test('a subscription without its first event holds no drain up', async () => {
  const query = 'subscription { answersWith(value: "slow") }';
  const answered = await post(server.url, { query }, { accept: 'text/event-stream' });
  const text = answered.text().catch((error: unknown) => error);
  await until(() => server.gate.waiting === 1);
  await server.drain();
  expect(await text).toBeInstanceOf(TypeError);
});

test('closing without draining ends what still runs', async () => {
  const answered = post(server.url, { query: '{ slow }' }).catch((error: unknown) => error);
  await until(() => server.gate.waiting === 1);
  await server.close();
  expect(await answered).toBeInstanceOf(TypeError);
  await server.close();
});

test('a port in use is named, with what to do', async () => {
  await expect(startTestServer({ port: server.port })).rejects.toThrow(
    new RegExp(`Can't listen on 127\\.0\\.0\\.1, port ${server.port}: .*EADDRINUSE.*PORT`),
  );
});

function requestOf(body: object): string {
  const text = JSON.stringify(body);
  return `POST /graphql HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: ${text.length}\r\n\r\n${text}`;
}

/** One connection that requests are sent on in a row. */
async function openConnection() {
  const socket = connect(server.port, '127.0.0.1');
  socket.setEncoding('utf8');
  let received = '';
  const closed = new Promise<string>((resolve) => socket.once('close', () => resolve(received)));
  socket.on('data', (chunk: string) => (received += chunk));
  socket.on('error', () => {});
  await new Promise<void>((resolve) => socket.once('connect', () => resolve()));
  return { closed, send: (text: string) => socket.write(text) };
}
