import type * as Http from 'node:http';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { exchange, openRawConnection, requestText, upgrade } from './raw-connection.ts';
import { handshake, openSocket } from './socket.ts';
import { startTestServer, type TestServer } from './test-server.ts';
import { until } from '../support/until.ts';

// A Node before 24.9 does not know this option: each request that offers an upgrade is one, whatever it offers.
vi.mock('node:http', async (importOriginal) => {
  const http = await importOriginal<typeof Http>();
  return {
    ...http,
    createServer: (
      { shouldUpgradeCallback: _unknown, ...options }: Http.ServerOptions,
      listener: Http.RequestListener,
    ) => http.createServer(options, listener),
  };
});

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer({ access: { loopbackOnly: true } });
});
afterAll(() => server.close());

const h2c = { Connection: 'Upgrade, HTTP2-Settings', Upgrade: 'h2c', 'HTTP2-Settings': 'AAMAAABkAAQAAP__' };

test('a WebSocket is opened where it may be', async () => {
  expect(await handshake(server.url, { origin: server.url })).toMatchObject({ status: 101 });
  const socket = await openSocket(server.url);
  expect(socket.messages).toMatchObject([{ type: 'connection_ack' }]);
  socket.terminate();
});

test.each([
  ['a page of another origin', 403, { origin: 'https://evil.example' }, undefined],
  ['a page under a name that points to this machine', 421, { host: 'evil.example', origin: 'http://evil.example' }],
  ['a Host that no URL can have', 400, { host: 'a b' }, undefined],
  ['another path', 404, {}, '/metrics'],
])('none is opened for %s', async (_what, status, headers: Record<string, string>, path?: string) => {
  expect(await handshake(server.url, headers, path)).toMatchObject({ status });
});

test('none is opened by a server that shuts down, on a connection that it still has', async () => {
  await using draining = await startTestServer();
  using connection = await openRawConnection(draining.port);
  const text = requestText('GET /graphql', upgrade);
  // Its first bytes came with a request that was answered: the connection is in use when the others are closed.
  await connection.send(requestText('GET /health/live', { Connection: 'keep-alive' }) + text.slice(0, 20));
  await until(() => connection.received() !== '');
  const drained = draining.drain();
  await connection.send(text.slice(20));
  expect(await connection.closed).toMatch(/HTTP\/1\.1 200 [^]*HTTP\/1\.1 503 [^]*"code":"SERVICE_UNAVAILABLE"/);
  await drained;
});

test('what offers another upgrade is refused in words, and not left waiting', async () => {
  const body = '{"query":"{hello}"}';
  const length = { 'Content-Type': 'application/json', 'Content-Length': String(body.length) };
  for (const text of [
    requestText('GET /health/live', h2c),
    requestText('POST /graphql', { ...h2c, ...length }, body),
  ]) {
    expect(await exchange(server.port, text)).toMatch(/^HTTP\/1\.1 400 [^]*send the request without Upgrade/);
  }
});
