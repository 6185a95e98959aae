import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest';
import { systemClock } from '../../src/kit/clock.ts';
import { createRateLimit } from '../../src/http/request/rate-limit.ts';
import { RefusedRequest } from '../../src/http/request/refused-request.ts';
import { bearer, createKeyring } from './keyring.ts';
import { openSocket } from './socket.ts';
import { post, startTestServer, type TestServer } from './test-server.ts';

describe('over time', () => {
  afterEach(() => vi.useRealTimers());

  test('a rate is there again after its window, and nothing of the old one is kept', async () => {
    vi.useFakeTimers({ toFake: ['Date', 'setTimeout', 'clearTimeout'] });
    const spend = createRateLimit({ perSecond: 2 });
    for (let spent = 0; spent < 20; spent += 1) await spend('key:1');
    await expect(spend('key:1')).rejects.toThrow(RefusedRequest);
    await vi.advanceTimersByTimeAsync(9_000);
    await expect(spend('key:1')).rejects.toMatchObject({ status: 429, headers: { 'Retry-After': '1' } });
    expect(vi.getTimerCount()).toBe(1);
    await vi.advanceTimersByTimeAsync(1_000);
    expect(vi.getTimerCount()).toBe(0);
    await expect(spend('key:1')).resolves.toBeUndefined();
  });

  test('without a rate nothing is counted', async () => {
    vi.useFakeTimers({ toFake: ['Date', 'setTimeout', 'clearTimeout'] });
    const spend = createRateLimit({ perSecond: null });
    for (let spent = 0; spent < 1_000; spent += 1) await spend('local');
    expect(vi.getTimerCount()).toBe(0);
  });
});

describe('a key with a rate of one operation a second', () => {
  let server: TestServer;
  beforeAll(async () => {
    const keyring = createKeyring(systemClock);
    for (const owner of ['alice', 'bob', 'carol', 'dave', 'erin']) keyring.issue(owner);
    const { authentication } = keyring;
    server = await startTestServer({ authentication, access: { authenticated: true, rateLimit: 1 } });
  });
  afterAll(() => server.close());

  const ask = (owner: string, headers: Record<string, string> = {}, query = '{ owner }') =>
    post(server.url, { query }, { ...bearer(owner), ...headers });

  const useUp = async (owner: string): Promise<number[]> => {
    const answers = await Promise.all(Array.from({ length: 12 }, () => ask(owner)));
    return answers.map(({ status }) => status).toSorted((one, other) => one - other);
  };

  test('may send ten at once, and is told to wait then; others go on', async () => {
    expect(await useUp('alice')).toEqual([...Array.from({ length: 10 }, () => 200), 429, 429]);
    const refused = await ask('alice');
    expect(refused.status).toBe(429);
    const retryAfter = Number(refused.headers.get('retry-after'));
    expect(retryAfter).toBeGreaterThanOrEqual(1);
    expect(retryAfter).toBeLessThanOrEqual(10);
    expect(await refused.json()).toEqual({
      errors: [
        {
          message: `More than 1 operations a second over 10 s. Wait ${retryAfter} s.`,
          extensions: { code: 'RATE_LIMITED', retryAfterSeconds: retryAfter },
        },
      ],
    });
    expect((await ask('bob')).status).toBe(200);
  });

  test('has the same rate over a WebSocket, and for server-sent events', async () => {
    await useUp('carol');
    const subscribing = await ask('carol', { accept: 'text/event-stream' }, 'subscription { count(to: 1) }');
    expect(subscribing.status).toBe(429);
    const outcomes = await Promise.all(['carol', 'dave'].map(overWebSocket));
    expect(outcomes).toMatchObject([
      { type: 'error', payload: [{ extensions: { code: 'RATE_LIMITED', retryAfterSeconds: expect.any(Number) } }] },
      { type: 'next', payload: { data: { owner: 'dave' } } },
    ]);
  });

  test('spends nothing of it by requests that were not let in', async () => {
    const answers = await Promise.all(Array.from({ length: 20 }, () => post(server.url, { query: '{ owner }' })));
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([401]));
    expect((await ask('erin')).status).toBe(200);
  });

  async function overWebSocket(owner: string) {
    const socket = await openSocket(server.url, undefined, bearer(owner));
    socket.subscribe('1', '{ owner }');
    await Promise.race([socket.heard({ type: 'next', id: '1' }), socket.heard({ type: 'error', id: '1' })]);
    socket.terminate();
    return socket.messages.find(({ id }) => id === '1');
  }
});
