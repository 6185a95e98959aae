import { connect } from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { defaultWebSocketBounds } from '../../src/http/sockets/bounds.ts';
import { createManualClock } from '../support/manual-clock.ts';
import { createRecordingLogger } from '../support/recording-logger.ts';
import { bearer, createKeyring } from './keyring.ts';
import { post, startTestServer } from './test-server.ts';
import { until } from '../support/until.ts';

let server: Awaited<ReturnType<typeof startTestServer>>;
const clock = createManualClock();
beforeAll(async () => {
  server = await startTestServer({ clock });
});
afterAll(() => server.close());

const subscribe = (query: string) => post(server.url, { query }, { accept: 'text/event-stream' });

test('a subscription comes as events, and says when it is complete', async () => {
  const answered = await subscribe('subscription { count(to: 3) }');
  expect(answered.headers.get('content-type')).toBe('text/event-stream');
  expect(eventsOf(await answered.text())).toEqual([
    { event: 'next', data: { data: { count: 1 } } },
    { event: 'next', data: { data: { count: 2 } } },
    { event: 'next', data: { data: { count: 3 } } },
    { event: 'complete', data: null },
  ]);
});

test('an error is an event with a code, masked where nobody expected it', async () => {
  const refused = eventsOf(await (await subscribe('subscription { refusedAtOnce }')).text());
  expect(refused[0]).toMatchObject({ data: { errors: [{ extensions: { code: 'NOT_FOUND' } }] } });
  const broken = await (await subscribe('subscription { brokenAfter(count: 1) }')).text();
  expect(eventsOf(broken)[1]).toMatchObject({ data: { errors: [{ extensions: { code: 'INTERNAL_SERVER_ERROR' } }] } });
  expect(broken).not.toContain('hunter2');
});

test('what goes wrong outside of the operation is told in the log only', async () => {
  const errors: string[] = [];
  const expiresAt = new Date();
  expiresAt.getTime = () => {
    throw new Error('the password is hunter2');
  };
  const identity = { caller: { owner: 'alice' }, credential: 'owner:alice', expiresAt };
  const authentication = { authenticate: () => Promise.resolve(identity), findEnded: () => Promise.resolve([]) };
  await using broken = await startTestServer({ authentication, logger: createRecordingLogger(errors) });
  const query = 'subscription { endless }';
  const answered = await post(broken.url, { query }, { accept: 'text/event-stream' });
  expect(answered.status).toBe(500);
  expect(await answered.json()).toEqual({
    errors: [{ message: 'Unexpected error.', extensions: { code: 'INTERNAL_SERVER_ERROR' } }],
  });
  expect(errors).toEqual(['a request failed unexpectedly']);
  await until(() => broken.subscribers() === 0);
});

test('a subscription is asked for as events, or not at all', async () => {
  const answered = await post(server.url, { query: 'subscription { endless }' }, { accept: 'application/json' });
  expect(answered.status).toBe(406);
  expect(await answered.json()).toMatchObject({ errors: [{ extensions: { code: 'BAD_USER_INPUT' } }] });
  await until(() => server.subscribers() === 0);
});

test('a reader that leaves is no subscriber any more', async () => {
  const leaving = new AbortController();
  const answered = await fetch(`${server.url}/graphql`, {
    method: 'POST',
    signal: leaving.signal,
    headers: { 'content-type': 'application/json', accept: 'text/event-stream' },
    body: JSON.stringify({ query: 'subscription { endless }' }),
  });
  await until(() => server.subscribers() === 1);
  leaving.abort();
  await answered.text().catch(() => {});
  await until(() => server.subscribers() === 0);
});

test('a reader that stops reading is dropped, one that reads is not', async () => {
  const flood = JSON.stringify({ query: 'subscription { flood(kilobytes: 512) }' });
  const reading = await subscribe('subscription { flood(kilobytes: 1) }');
  const reader = reading.body?.getReader();
  const stopped = connect(server.port, '127.0.0.1', () =>
    stopped.write(
      `POST /graphql HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nAccept: text/event-stream\r\n` +
        `Content-Length: ${flood.length}\r\n\r\n${flood}`,
    ),
  );
  stopped.pause();
  stopped.on('error', () => {});
  await until(() => server.subscribers() === 2);

  await until(async () => {
    await clock.advance(12_000);
    await reader?.read();
    return server.subscribers() === 1;
  });
  for (let pings = 0; pings < 4; pings += 1) {
    await reader?.read();
    await clock.advance(12_000);
  }
  expect(server.subscribers()).toBe(1);
  await reader?.cancel();
  stopped.destroy();
});

test('a stream is cut off when its key is revoked or its token expires, and the others go on', async () => {
  const keyring = createKeyring(clock);
  for (const name of ['revoked', 'kept']) keyring.issue(name);
  keyring.issue('expired', { expiresAt: new Date(clock.now() + 4_000) });
  await using guarded = await startTestServer({ clock, authentication: keyring.authentication });
  const open = (name: string) => {
    const query = 'subscription { flood(kilobytes: 1) }';
    return post(guarded.url, { query }, { accept: 'text/event-stream', ...bearer(name) });
  };
  const endOf = async (answered: Response) => await answered.text().catch((error: unknown) => error);
  const [revoked, expired] = [endOf(await open('revoked')), endOf(await open('expired'))];
  const reader = (await open('kept')).body?.getReader();
  await until(() => guarded.subscribers() === 3);
  await clock.advance(3_000);
  expect(guarded.subscribers()).toBe(3);

  keyring.revoke('revoked');
  await clock.advance(4_000);
  expect(await Promise.all([revoked, expired])).toEqual([expect.any(TypeError), expect.any(TypeError)]);
  await until(() => guarded.subscribers() === 1);
  for (let events = 0; events < 10; events += 1) expect((await reader?.read())?.done).toBe(false);
  await reader?.cancel();
});

describe('streams of one key', () => {
  const open = async (url: string, headers: Record<string, string>, query = 'subscription { endless }') => {
    const leaving = new AbortController();
    const init = { method: 'POST', body: JSON.stringify({ query }), signal: leaving.signal };
    const wanted = { 'content-type': 'application/json', accept: 'text/event-stream', ...headers };
    const answered = await fetch(`${url}/graphql`, { ...init, headers: wanted });
    return { answered, leave: () => leaving.abort() };
  };
  const webSocketBounds = { ...defaultWebSocketBounds, maxSocketsPerKey: 2 };

  test('are bounded as its sockets are: 429 beyond, until one has ended; others go on', async () => {
    const keyring = createKeyring(clock);
    for (const name of ['alice', 'bob']) keyring.issue(name);
    const { authentication } = keyring;
    await using guarded = await startTestServer({ clock, authentication, webSocketBounds });
    const first = await open(guarded.url, bearer('alice'));
    await open(guarded.url, bearer('alice'));
    const { answered: refused } = await open(guarded.url, bearer('alice'));
    expect([refused.status, refused.headers.get('retry-after')]).toEqual([429, '1']);
    expect(await refused.text()).toContain('"extensions":{"retryAfterSeconds":1,"code":"RATE_LIMITED"}');
    expect(guarded.subscribers()).toBe(2);
    expect((await open(guarded.url, bearer('bob'))).answered.status).toBe(200);
    const short = await open(guarded.url, bearer('alice'), '{ hello }');
    expect(await short.answered.text()).toContain('world');
    first.leave();
    await until(() => guarded.subscribers() === 2);
    expect((await open(guarded.url, bearer('alice'))).answered.status).toBe(200);
  });

  test('are given back when they come to their end', async () => {
    const keyring = createKeyring(clock);
    keyring.issue('alice');
    const { authentication } = keyring;
    await using guarded = await startTestServer({ clock, authentication, webSocketBounds });
    for (let streams = 0; streams < 5; streams += 1) {
      const { answered } = await open(guarded.url, bearer('alice'), 'subscription { count(to: 1) }');
      expect([answered.status, await answered.text()]).toEqual([200, expect.stringContaining('"count":1')]);
    }
  });

  test('are any number for the one local caller', async () => {
    await using local = await startTestServer({ clock, webSocketBounds });
    for (let streams = 0; streams < 5; streams += 1) await open(local.url, {});
    expect(local.subscribers()).toBe(5);
  });
});

function eventsOf(stream: string): { event: string; data: unknown }[] {
  return [...stream.matchAll(/^event: (\w+)\ndata:(.*)$/gm)].map(([, event = '', data = '']) => ({
    event,
    data: data === '' ? null : JSON.parse(data),
  }));
}
