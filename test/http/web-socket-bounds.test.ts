import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { maxRequestBytes } from '../../src/http/request-body.ts';
import { maxOperationsPerSocket } from '../../src/http/websocket/socket-operations.ts';
import { createManualClock } from '../support/manual-clock.ts';
import { openSocket } from './socket.ts';
import { startTestServer, until } from './test-server.ts';

let server: Awaited<ReturnType<typeof startTestServer>>;
beforeAll(async () => {
  server = await startTestServer();
});
afterAll(() => server.close());

describe('a client that asks for too much', () => {
  test('a message over the limit closes its own socket only', async () => {
    const [large, other] = [await openSocket(server.url), await openSocket(server.url)];
    large.subscribe('1', `{ hello } # ${'x'.repeat(maxRequestBytes)}`);
    expect(await large.closed).toBe(1009);
    other.subscribe('1', `{ hello } # ${'x'.repeat(maxRequestBytes - 1_000)}`);
    await other.heard({ type: 'complete', id: '1' });
    other.terminate();
  });

  test('an operation too many is refused, and the others go on', async () => {
    const socket = await openSocket(server.url);
    for (let id = 0; id <= maxOperationsPerSocket; id += 1) socket.subscribe(String(id), 'subscription { endless }');
    const refused = String(maxOperationsPerSocket);
    await socket.heard({ type: 'error', id: refused });
    expect(socket.messages.find(({ type }) => type === 'error')?.payload).toMatchObject([
      { extensions: { code: 'RATE_LIMITED' } },
    ]);
    expect(server.subscribers()).toBe(maxOperationsPerSocket);
    socket.say({ type: 'complete', id: '0' });
    await until(() => server.subscribers() === maxOperationsPerSocket - 1);
    socket.subscribe(refused, '{ hello }');
    await socket.heard({ type: 'complete', id: refused });
    socket.terminate();
    await until(() => server.subscribers() === 0);
  });
});

describe('a client that takes nothing any more', () => {
  test('is dropped when it goes on asking, and others are served', async () => {
    const [stopped, other] = [await openSocket(server.url), await openSocket(server.url)];
    stopped.pause();
    for (let id = 0; id < 60; id += 1) stopped.subscribe(String(id), '{ big(kilobytes: 512) }');
    for (let id = 0; id < 20; id += 1) {
      other.subscribe(String(id), '{ hello }');
      await other.heard({ type: 'complete', id: String(id) });
    }
    stopped.resume();
    expect(await stopped.closed).toBe(1006);
    expect(stopped.messages.length).toBeLessThan(60);
    other.terminate();
  });

  test('stays when it takes as much as it asks for', async () => {
    const socket = await openSocket(server.url);
    for (let id = 0; id < 60; id += 1) {
      socket.subscribe(String(id), '{ big(kilobytes: 512) }');
      await socket.heard({ type: 'complete', id: String(id) });
    }
    expect(socket.isOver()).toBe(false);
    socket.terminate();
  });

  test('is dropped when it answers no ping, and one that does stays', async () => {
    const clock = createManualClock();
    await using pinging = await startTestServer({ clock });
    const [silent, alive] = [
      await openSocket(pinging.url, undefined, {}, { autoPong: false }),
      await openSocket(pinging.url),
    ];
    for (const socket of [silent, alive]) socket.subscribe('1', 'subscription { endless }');
    await until(() => pinging.subscribers() === 2);
    await clock.advance(12_000);
    await until(() => alive.pings() === 1 && silent.pings() === 1);
    // The pong is on its way: what comes after it on the same socket is answered later.
    alive.subscribe('2', '{ hello }');
    await alive.heard({ type: 'complete', id: '2' });
    expect(pinging.subscribers()).toBe(2);
    await clock.advance(12_000);
    await until(() => pinging.subscribers() === 1);
    await silent.closed;
    expect(alive.isOver()).toBe(false);
    alive.terminate();
  });
});
