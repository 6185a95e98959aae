import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { systemClock } from '../../src/clock.ts';
import { createFileUrlCheck } from '../../src/upstream/file-url-check.ts';
import { answerWith, findClosedPort, startVendorServer, type Respond, type VendorServer } from './vendor-server.ts';

const checkFileUrl = createFileUrlCheck({ clock: systemClock });

let toClose: AsyncDisposableStack;
beforeEach(() => {
  toClose = new AsyncDisposableStack();
});
afterEach(() => toClose.disposeAsync());

async function startServer(...args: Parameters<typeof startVendorServer>): Promise<VendorServer> {
  return toClose.use(await startVendorServer(...args));
}

test.each([
  ['200 OK', 'alive'],
  ['206 Partial Content', 'alive'],
  ['416 Range Not Satisfiable', 'alive'],
  ['301 Moved Permanently', 'unknown'],
  ['403 Forbidden', 'dead'],
  ['404 Not Found', 'dead'],
  ['410 Gone', 'dead'],
  ['408 Request Timeout', 'unknown'],
  ['429 Too Many Requests', 'unknown'],
  ['500 Internal Server Error', 'unknown'],
  ['503 Slow Down', 'unknown'],
])('a file behind %s is %s, by one request', async (status, state) => {
  const server = await startServer(answerWith('x', { status, headers: 'location: /elsewhere\r\n' }));
  expect(await checkFileUrl(`http://127.0.0.1:${server.port}/a.png?sign=b%2Fc`)).toBe(state);
  expect(server.requests).toHaveLength(1);
  expect(server.requests[0]?.head).toMatch(/^GET \/a\.png\?sign=b%2Fc HTTP/);
  expect(server.requests[0]?.headers.get('range')).toBe('bytes=0-0');
  await vi.waitUntil(() => server.sockets.size === 0);
});

test('a file that is sent as a whole all the same is not read', async () => {
  const server = await startServer((socket) => {
    socket.write('HTTP/1.1 200 OK\r\ncontent-length: 1000000000\r\n\r\nbegin');
  });
  expect(await checkFileUrl(`http://127.0.0.1:${server.port}/a.mp4`)).toBe('alive');
  await vi.waitUntil(() => server.sockets.size === 0);
});

test.each<[string, Respond]>([
  ['resets', (socket) => socket.resetAndDestroy()],
  ['speaks no HTTP', (socket) => socket.end('SSH-2.0-OpenSSH_9.2\r\n')],
])('nothing is known when the server %s', async (_what, respond) => {
  const server = await startServer(respond);
  expect(await checkFileUrl(`http://127.0.0.1:${server.port}/a.png`)).toBe('unknown');
});

test('nothing is known when nobody listens', async () => {
  expect(await checkFileUrl(`http://127.0.0.1:${await findClosedPort()}/a.png`)).toBe('unknown');
});

test.each([
  ['does not answer', 'http'],
  ['does not end the TLS handshake', 'https'],
])('nothing is known when the server %s in time, and its connection is closed', async (_what, protocol) => {
  const server = await startServer(() => undefined, { onConnection: (socket) => socket.resume() });
  const check = createFileUrlCheck({ clock: systemClock, timeoutMs: 30 });
  expect(await check(`${protocol}://127.0.0.1:${server.port}/a.png`)).toBe('unknown');
  await vi.waitUntil(() => server.sockets.size === 0);
});

test.each(['ftp://127.0.0.1/a.png', 'file:///etc/hostname', 'a.png', ''])('%j is dead', async (url) => {
  expect(await checkFileUrl(url)).toBe('dead');
});
