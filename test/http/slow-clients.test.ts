import { setTimeout as delay } from 'node:timers/promises';
import { Writable } from 'node:stream';
import { pino } from 'pino';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { connectionOptions, defaultConnectionTimes } from '../../src/http/request/connection-bounds.ts';
import { openRawConnection, postText, type RawConnection, requestText } from './raw-connection.ts';
import { startTestServer, type TestServer } from './test-server.ts';
import { until } from '../support/until.ts';

const hello = { query: '{ hello }' };
const answerTo = '{"data":{"hello":"world"}}';
const keepAlive = { Connection: 'keep-alive' };

/** So short that a test can wait for them, and a request that comes in one piece never meets one. */
const connectionTimes = { headersMs: 300, requestMs: 600, checkMs: 10, keepAliveMs: 50, stalledMs: 250 };

let server: TestServer;
const warnings: string[] = [];
beforeAll(async () => {
  const lines = new Writable({
    write(line, _encoding, done) {
      warnings.push(JSON.parse(String(line)).msg);
      done();
    },
  });
  server = await startTestServer({ connectionTimes, logger: pino({ level: 'warn' }, lines) });
});
afterAll(() => server.close());

/** One byte every few milliseconds, until the receiver has gone. */
async function dribble({ socket, send, closed }: RawConnection, text: string): Promise<void> {
  for (const byte of text) {
    if (socket.destroyed || socket.readableEnded) return;
    await Promise.race([send(byte), closed]);
    await delay(5);
  }
}

describe('a client that sends slowly', () => {
  test.each([
    ['its headers', '', requestText('POST /graphql', { 'X-Filling': 'x'.repeat(1_000) })],
    ['its body', postText({}, { 'Content-Length': '1000', ...keepAlive }).slice(0, -2), ' '.repeat(1_000)],
    [
      'its chunks',
      requestText('POST /graphql', { 'Content-Type': 'application/json', 'Transfer-Encoding': 'chunked' }),
      '1\r\n \r\n'.repeat(200),
    ],
    ['the next request on its connection', postText(hello, keepAlive), 'POST /graphql HTTP/1.1\r\nX: '.repeat(100)],
  ])('is cut off over %s', async (_what, atOnce, slowly) => {
    using connection = await openRawConnection(server.port);
    await connection.send(atOnce);
    void dribble(connection, slowly);
    expect(await connection.closed).toMatch(/^(?:HTTP\/1\.1 200 [^]*)?HTTP\/1\.1 408 /);
  });

  test('is answered when it comes to an end in time', async () => {
    using connection = await openRawConnection(server.port);
    const text = postText(hello);
    await connection.send(text.slice(0, -5));
    await dribble(connection, text.slice(-5));
    expect(await connection.closed).toContain(answerTo);
  });

  test('is cut off when it sends nothing at all', async () => {
    using connection = await openRawConnection(server.port);
    expect(await connection.closed).toMatch(/^HTTP\/1\.1 408 /);
  });

  test('is cut off when it sends nothing any more, and answered when it comes back in time', async () => {
    using connection = await openRawConnection(server.port);
    for (const times of [1, 2]) {
      await connection.send(postText(hello, keepAlive));
      await until(() => connection.received().split(answerTo).length > times);
    }
    expect((await connection.closed).match(/HTTP\/1\.1 \d+/g)).toEqual(['HTTP/1.1 200', 'HTTP/1.1 200']);
  });

  test('is cut off in time by the times that are usual', () => {
    const {
      headersTimeout = 0,
      requestTimeout = 0,
      connectionsCheckingInterval = 0,
    } = connectionOptions(defaultConnectionTimes);
    expect([headersTimeout, requestTimeout]).toEqual([10_000, 30_000]);
    expect(connectionsCheckingInterval).toBeLessThanOrEqual(headersTimeout / 10);
  });
});

describe('a client that does not take its answer', () => {
  // Far more than the system keeps for both ends of a connection.
  const kilobytes = 32 * 1024;
  const big = postText({ query: `{ big(kilobytes: ${kilobytes}) }` });

  test('is cut off, and its answer forgotten', async () => {
    using connection = await openRawConnection(server.port);
    warnings.length = 0;
    connection.socket.pause();
    await connection.send(big);
    await until(() => warnings.length > 0);
    expect(warnings[0]).toBe('dropped a client that stopped reading its answer');
    connection.socket.resume();
    expect((await connection.closed).length).toBeLessThan(kilobytes * 1024);
  });

  test('is served to the end as long as it takes some, however long that takes', async () => {
    using connection = await openRawConnection(server.port);
    const { socket } = connection;
    warnings.length = 0;
    socket.pause();
    // A megabyte at a time.
    let taken = 0;
    socket.on('data', (chunk: string) => {
      taken += chunk.length;
      if (taken >= 1024 * 1024) socket.pause();
    });
    await connection.send(big);
    const startedAt = performance.now();
    while (connection.received().length < kilobytes * 1024) {
      taken = 0;
      socket.resume();
      await until(() => socket.isPaused() || socket.readableEnded);
      await delay(30);
    }
    socket.resume();
    expect(performance.now() - startedAt).toBeGreaterThan(3 * connectionTimes.stalledMs);
    expect((await connection.closed).endsWith('"}}')).toBe(true);
    expect(warnings).toEqual([]);
  });

  test('is not one that waits for its answer', async () => {
    using connection = await openRawConnection(server.port);
    await connection.send(postText({ query: '{ slow }' }));
    await until(() => server.gate.waiting === 1);
    const enough = performance.now() + 3 * connectionTimes.stalledMs;
    await until(() => performance.now() > enough);
    server.gate.open();
    expect(await connection.closed).toContain('{"data":{"slow":"done"}}');
  });
});

test('headers that are too long are refused', async () => {
  using long = await openRawConnection(server.port);
  await long.send(postText(hello, { 'X-Filling': 'x'.repeat(17 * 1024) }));
  expect(await long.closed).toMatch(/^HTTP\/1\.1 431 /);
  using control = await openRawConnection(server.port);
  await control.send(postText(hello, { 'X-Filling': 'x'.repeat(15 * 1024) }));
  expect(await control.closed).toContain(answerTo);
});
