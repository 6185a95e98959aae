import { once } from 'node:events';
import { connect } from 'node:net';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { signedHeaders } from './signed-call.ts';
import { startTestSandbox, type TestSandbox } from './test-sandbox.ts';

let running: TestSandbox;
beforeAll(async () => {
  running = await startTestSandbox();
});
afterAll(() => running[Symbol.asyncDispose]());

it('says at / what it is', async () => {
  const response = await fetch(running.sandbox.endpoint);
  expect(response.headers.get('content-type')).toContain('text/plain');
  expect(await response.text()).toContain('sandbox');
});

it('refuses a body of more than 10 MB in the way of the vendor', async () => {
  const answer = await running.call('CreateAigcImageTask', { Prompt: 'x'.repeat(11 * 1024 * 1024) });
  expect(answer.Error?.Code).toBe('RequestSizeLimitExceeded');
});

it('answers others than GET, HEAD and POST / with an error, and goes on', async () => {
  const { endpoint } = running.sandbox;
  expect((await fetch(endpoint, { method: 'DELETE' })).status).toBe(405);
  expect((await fetch(`${endpoint}/elsewhere`, { method: 'POST', body: '{}' })).status).toBe(405);
  expect((await fetch(`${endpoint}/elsewhere`)).status).toBe(404);
  expect((await fetch(`${endpoint}/results/x/y`, { method: 'OPTIONS' })).status).toBe(204);
});

it('survives clients that hang up in the middle of a body', async () => {
  const { hostname, port } = new URL(running.sandbox.endpoint);
  const socket = connect(Number(port), hostname);
  socket.write('POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\n{"Prompt"');
  await once(socket, 'ready');
  socket.resetAndDestroy();
  expect((await fetch(running.sandbox.endpoint)).status).toBe(200);
});

it('closes although a client is still sending', async () => {
  const own = await startTestSandbox();
  const { hostname, port } = new URL(own.sandbox.endpoint);
  const socket = connect(Number(port), hostname);
  socket.on('error', () => undefined);
  const closed = once(socket, 'close');
  socket.write('POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\n{"Prompt"');
  await fetch(own.sandbox.endpoint);
  await own[Symbol.asyncDispose]();
  await closed;
});

it('answers the Creates under way before it closes', async () => {
  const own = await startTestSandbox();
  const body = JSON.stringify({ Prompt: 'just in time' });
  const headers = signedHeaders(own.sandbox.endpoint, 'CreateAigcImageTask', body, own.clock.now());
  const answers = Array.from({ length: 20 }, () => fetch(own.sandbox.endpoint, { method: 'POST', headers, body }));
  await Promise.race(answers);
  await own[Symbol.asyncDispose]();
  const outcomes = await Promise.allSettled(answers);
  expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(own.sandbox.tasks().length);
});
