import { pino } from 'pino';
import { describe, expect, test } from 'vitest';
import { startTestGateway } from '../support/gateway.ts';
import { startReverseProxy } from '../support/reverse-proxy.ts';
import { until } from '../support/until.ts';
import { handshake, openSocket } from './socket.ts';
import { post } from './test-server.ts';

/** A gateway behind a proxy on another port, which hands on a Host without one. */
async function startBehindProxy({ isPublicUrlSet }: { isPublicUrlSet: boolean }) {
  await using starting = new AsyncDisposableStack();
  const proxy = starting.use(await startReverseProxy());
  const log: string[] = [];
  const logger = pino({ level: 'warn', base: null }, { write: (line: string) => void log.push(line) });
  const publicUrl = isPublicUrlSet ? `${proxy.origin}/tasks` : null;
  const gateway = starting.use(await startTestGateway({ publicUrl }, { logger }));
  proxy.leadTo(gateway.url);
  const running = starting.move();
  return { origin: proxy.origin, log, [Symbol.asyncDispose]: () => running.disposeAsync() };
}

describe('behind a proxy that loses the port of Host', () => {
  test('PUBLIC_URL names the origin of the gateway’s own page, for a WebSocket, events and requests', async () => {
    await using gateway = await startBehindProxy({ isPublicUrlSet: true });
    const { origin } = gateway;
    const socket = await openSocket(origin, undefined, {}, { headers: { origin } });
    socket.subscribe('1', '{ viewer { owner } }');
    await socket.heard({ type: 'next', id: '1' });
    socket.terminate();

    const answered = await post(origin, { query: '{ viewer { owner } }' }, { origin });
    expect(answered.headers.get('access-control-allow-origin')).toBe(origin);
    expect(await answered.json()).toEqual({ data: { viewer: { owner: 'local' } } });
    const headers = { origin, accept: 'text/event-stream' };
    const events = await post(origin, { query: 'subscription { taskChanges { __typename } }' }, headers);
    expect([events.status, events.headers.get('access-control-allow-origin')]).toEqual([200, origin]);
    await events.body?.cancel();

    expect(await handshake(origin, { origin: 'http://localhost' })).toMatchObject({ status: 101 });
    expect(await handshake(origin, { origin: 'http://localhost:1' })).toMatchObject({ status: 403 });
  });

  test('without it the page is refused, and the log says what was sent and what to set', async () => {
    await using gateway = await startBehindProxy({ isPublicUrlSet: false });
    const { origin, log } = gateway;
    expect(await handshake(origin, { origin })).toMatchObject({ status: 403 });
    await until(() => log.length > 0);
    expect(JSON.parse(log[0] ?? '')).toMatchObject({ level: 40, origin, host: 'localhost', forwardedHost: null });
    expect(log[0]).toMatch(/CORS_ORIGINS.*PUBLIC_URL.*Host/);
  });
});
