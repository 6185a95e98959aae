import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { systemClock } from '../../src/kit/clock.ts';
import { createPublicRequests } from '../../src/outbound/public-requests.ts';
import { createFileUrlCheck } from '../../src/upstream/file-url-check.ts';
import { answerWith, findClosedPort, startVendorServer, type Respond, type VendorServer } from './vendor-server.ts';

/** Of files that lie where the sandbox does: at an exempt origin. */
function checkFileUrl(url: string, options: { timeoutMs?: number } = {}): Promise<string> {
  const requests = createPublicRequests({ exemptOrigins: [URL.parse(url)?.origin ?? ''], clock: systemClock });
  return createFileUrlCheck({ requests, ...options })(url);
}

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
  expect(await checkFileUrl(`${protocol}://127.0.0.1:${server.port}/a.png`, { timeoutMs: 30 })).toBe('unknown');
  await vi.waitUntil(() => server.sockets.size === 0);
});

test('nothing is sent into a private network, wherever an answer of the upstream points', async () => {
  const server = await startServer(answerWith('x', { status: '200 OK' }));
  const requests = createPublicRequests({ exemptOrigins: [], clock: systemClock });
  const check = createFileUrlCheck({ requests });
  for (const origin of ['http://127.0.0.1', 'https://127.0.0.1', 'https://localhost', 'https://[::ffff:127.0.0.1]']) {
    expect(await check(`${origin}:${server.port}/a.png`)).toBe('dead');
  }
  expect(server.connections).toBe(0);
  expect(await checkFileUrl(`http://127.0.0.1:${server.port}/a.png`)).toBe('alive');
});

test.each(['ftp://example.com/a.png', 'file:///etc/hostname', 'a.png', ''])('%j is dead', async (url) => {
  const requests = createPublicRequests({ exemptOrigins: [], clock: systemClock });
  expect(await createFileUrlCheck({ requests })(url)).toBe('dead');
});
