import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { systemClock } from '../../src/kit/clock.ts';
import { maxRequestBytes } from '../../src/http/request/request-body.ts';
import { createManualClock, type ManualClock } from '../support/manual-clock.ts';
import { bearer, createKeyring } from './keyring.ts';
import { exchange, openRawConnection, postText, requestText, upgrade } from './raw-connection.ts';
import { post, startTestServer, type TestServer } from './test-server.ts';
import { until } from '../support/until.ts';

const metricsToken = 'metrics!only';
const keyring = createKeyring(systemClock);
keyring.issue('alice');
keyring.issue('revoked');
keyring.revoke('revoked');
keyring.issue('expired', { expiresAt: new Date(0) });

let server: TestServer;
let clock: ManualClock;
beforeEach(async () => {
  clock = createManualClock();
  const { authentication } = keyring;
  server = await startTestServer({ authentication, clock, access: { authenticated: true, metricsToken } });
});
afterEach(() => server.close());

const hello = { query: '{ hello }' };
const statusOf = (answer: string): string => answer.slice('HTTP/1.1 '.length, 'HTTP/1.1 200'.length);

describe('an unknown caller', () => {
  const wrong = [
    '',
    'Bearer',
    'Bearer unknown',
    'Bearer revoked',
    'Bearer expired',
    'Basic YWxpY2U6',
    'alice',
    'Bearer é',
  ];

  test.each([
    ['a request', (headers: Record<string, string>) => postText(hello, headers)],
    ['the metrics', (headers: Record<string, string>) => requestText('GET /metrics', headers)],
    ['the page', (headers: Record<string, string>) => requestText('GET /graphql', { Accept: 'text/html', ...headers })],
  ])('is answered the same to the byte, whatever was wrong: %s', async (_what, textWith) => {
    const withoutAny = await exchange(server.port, textWith({}));
    const answers = await Promise.all(wrong.map((value) => exchange(server.port, textWith({ Authorization: value }))));
    const [expected, ...others] = [withoutAny, ...answers].map((answer) => answer.replace(/^Date: .*\r\n/m, ''));
    expect(expected).toMatch(/^HTTP\/1\.1 401 /);
    expect(expected).toMatch(/^WWW-Authenticate: Bearer\r$/m);
    expect(new Set(others)).toEqual(new Set([expected]));

    const known = textWith({ Authorization: `Bearer ${textWith({}).includes('/metrics') ? metricsToken : 'alice'}` });
    expect(statusOf(await exchange(server.port, known))).toBe('200');
  });

  test.each<[string, number, { method?: string; headers?: Record<string, string>; body?: string }]>([
    ['the method first', 405, { method: 'PUT' }],
    ['who it is before the content type', 401, { headers: { 'content-type': 'text/plain' } }],
    ['who it is before the body', 401, { body: '{ broken' }],
    ['the content type of one who is known', 415, { headers: { ...bearer('alice'), 'content-type': 'text/plain' } }],
    ['the body of one who is known', 400, { headers: bearer('alice'), body: '{ broken' }],
  ])('is told about %s', async (_what, status, { headers, ...request }) => {
    const all = { 'content-type': 'application/json', ...headers };
    const body = JSON.stringify(hello);
    const answered = await fetch(`${server.url}/graphql`, { method: 'POST', body, ...request, headers: all });
    expect(answered.status).toBe(status);
  });

  test('has no body read: a large one ends with the connection', async () => {
    const gigabyte = { 'Content-Length': String(1024 ** 3), Connection: 'keep-alive' };
    using connection = await openRawConnection(server.port);
    await connection.send(postText({}, gigabyte));
    let sent = 0;
    const isOver = (): boolean => connection.socket.destroyed || connection.socket.writableEnded;
    void (async () => {
      for (; !isOver(); sent += 65_536) await Promise.race([connection.send(Buffer.alloc(65_536)), connection.closed]);
    })();
    await until(() => connection.received() !== '');
    await clock.advance(1_000);
    expect(await connection.closed).toMatch(/^HTTP\/1\.1 401 [^]*\r\nConnection: close\r\n/);
    expect(sent).toBeLessThan(1024 ** 3);
  });

  test('has no body read: one without an announced end closes the connection, too', async () => {
    using connection = await openRawConnection(server.port);
    const chunked = { 'Content-Type': 'application/json', 'Transfer-Encoding': 'chunked', Connection: 'keep-alive' };
    await connection.send(requestText('POST /graphql', chunked, '5\r\n{"que\r\n'));
    await until(() => connection.received() !== '');
    await clock.advance(1_000);
    expect(await connection.closed).toMatch(/^HTTP\/1\.1 401 [^]*\r\nConnection: close\r\n/);
  });

  test('keeps the connection after a small body', async () => {
    using connection = await openRawConnection(server.port);
    await connection.send(postText(hello, { Connection: 'keep-alive' }));
    await until(() => connection.received().endsWith('}'));
    await connection.send(postText(hello, { Authorization: 'Bearer alice' }));
    expect((await connection.closed).match(/HTTP\/1\.1 \d+/g)).toEqual(['HTTP/1.1 401', 'HTTP/1.1 200']);
  });

  test('is told when nobody can tell who it is, and that is no 401', async () => {
    keyring.isAway = true;
    const answered = await post(server.url, hello, bearer('alice'));
    keyring.isAway = false;
    expect(answered.status).toBe(503);
    expect(await answered.json()).toMatchObject({ errors: [{ extensions: { code: 'SERVICE_UNAVAILABLE' } }] });
  });

  test('subscribes to nothing by server-sent events', async () => {
    const events = { accept: 'text/event-stream' };
    const subscription = { query: 'subscription { count(to: 1) }' };
    const refused = await post(server.url, subscription, events);
    expect([refused.status, refused.headers.get('content-type')]).toEqual([401, 'application/json; charset=utf-8']);
    const answered = await post(server.url, subscription, { ...events, ...bearer('alice') });
    expect([answered.status, await answered.text()]).toEqual([200, expect.stringContaining('"count":1')]);
  });
});

test.each([['GET /health/live'], ['GET /graphql'], ['POST /metrics'], ['OPTIONS /graphql'], ['GET /nowhere']])(
  '%s reads no body either: a large one ends with the connection',
  async (line) => {
    const tooLong = { 'Content-Length': String(maxRequestBytes + 1), Connection: 'keep-alive' };
    using connection = await openRawConnection(server.port);
    await connection.send(requestText(line, tooLong));
    await until(() => connection.received() !== '');
    await clock.advance(1_000);
    expect(await connection.closed).toMatch(/^Connection: close\r$/m);
  },
);

describe('the metrics', () => {
  const metrics = (headers: Record<string, string> = {}) => fetch(`${server.url}/metrics`, { headers });

  test('are opened by their own token only', async () => {
    expect((await metrics(bearer(metricsToken))).status).toBe(200);
    const refused = await Promise.all([
      metrics(),
      metrics(bearer('alice')),
      metrics(bearer(`${metricsToken}x`)),
      metrics({ authorization: metricsToken }),
      metrics({ authorization: `Basic ${metricsToken}` }),
    ]);
    expect(refused.map(({ status }) => status)).toEqual([401, 401, 401, 401, 401]);
    expect(await refused[1]?.text()).not.toContain('gateway_');
    expect((await post(server.url, hello, bearer(metricsToken))).status).toBe(401);
  });

  test('are closed to everybody without such a token, and open to all where nobody has to prove who they are', async () => {
    const { authentication } = keyring;
    await using closed = await startTestServer({ authentication, access: { authenticated: true } });
    await using open = await startTestServer();
    const answers = await Promise.all([
      fetch(`${closed.url}/metrics`, { headers: bearer('null') }),
      fetch(`${closed.url}/metrics`, { headers: bearer('alice') }),
      fetch(`${open.url}/metrics`),
    ]);
    expect(answers.map(({ status }) => status)).toEqual([401, 401, 200]);
  });
});

describe('the readiness', () => {
  const details = { database: 'reachable', creates: 'UnauthorizedOperation: the account 100012345678 may not' };
  const readiness = () => Promise.resolve({ ready: false, details });
  const ask = async (url: string, headers: Record<string, string> = {}) => {
    const answered = await fetch(`${url}/health/ready`, { headers });
    return { status: answered.status, body: await answered.json() };
  };

  test('says why only to a caller with the token of the metrics, and to all others no more than whether', async () => {
    const { authentication } = keyring;
    const access = { authenticated: true, metricsToken };
    await using guarded = await startTestServer({ authentication, access, readiness });
    await using withoutToken = await startTestServer({ authentication, access: { authenticated: true }, readiness });
    const neutral = { status: 503, body: { ready: false } };
    expect(await ask(guarded.url)).toEqual(neutral);
    expect(await ask(guarded.url, bearer('alice'))).toEqual(neutral);
    expect(await ask(withoutToken.url, bearer('null'))).toEqual(neutral);
    expect(await ask(guarded.url, bearer(metricsToken))).toEqual({ status: 503, body: { ready: false, details } });
  });

  test('says why to everybody where nobody has to prove who they are', async () => {
    await using open = await startTestServer({ readiness });
    expect(await ask(open.url)).toEqual({ status: 503, body: { ready: false, details } });
  });
});

test('health is open to everybody', async () => {
  const answers = await Promise.all(['live', 'ready'].map((what) => fetch(`${server.url}/health/${what}`)));
  expect(answers.map(({ status }) => status)).toEqual([200, 200]);
});

describe('without authentication, unless it was opened', () => {
  let local: TestServer;
  beforeAll(async () => {
    local = await startTestServer({ access: { loopbackOnly: true } });
  });
  afterAll(() => local.close());

  const hosts = ['localhost', 'LOCALHOST:4000', '127.0.0.1', '127.0.0.1:4000', '127.8.9.1', '[::1]', '[::1]:4000'];
  const others = [
    'evil.example',
    'localhost.evil.example',
    'evil.example:4000',
    '127.0.0.1.evil.example',
    '0.0.0.0:4000',
    '192.168.0.7',
    '[::]',
    '',
  ];

  const answerTo = (text: string) => exchange(local.port, text);

  test.each(hosts)('answers what was sent to %s', async (host) => {
    expect(statusOf(await answerTo(postText(hello, { Host: host })))).toBe('200');
    expect(statusOf(await answerTo(postText(hello, { 'X-Forwarded-Host': host })))).toBe('200');
  });

  test.each(others)('answers nothing that was sent to another name, which a page could have: %j', async (host) => {
    const refused = await answerTo(postText(hello, { Host: host }));
    expect(statusOf(refused)).toBe('421');
    expect(refused).toMatch(/AUTH_MODE/);
    if (host !== '') expect(refused).not.toContain(host);
    expect(statusOf(await answerTo(postText(hello, { 'X-Forwarded-Host': `localhost, ${host}` })))).toBe('421');
    expect(statusOf(await exchange(server.port, postText(hello, { Host: host, ...authorized })))).toBe('200');
  });

  test('keeps such pages away from everything, not from the API alone', async () => {
    const paths = ['/graphql', '/metrics', '/health/ready', '/'];
    const foreign = { Host: 'evil.example', Accept: 'text/html' };
    const answers = await Promise.all(paths.map((path) => answerTo(requestText(`GET ${path}`, foreign))));
    expect(answers.map(statusOf)).toEqual(['421', '421', '421', '421']);
  });

  test('opens no WebSocket for them, although they would be of the same origin', async () => {
    const handshake = (host: string) => ({ ...upgrade, Host: host, Origin: `http://${host}` });
    const answers = await Promise.all(
      ['evil.example', 'localhost'].map(async (host) => {
        using connection = await openRawConnection(local.port);
        await connection.send(requestText('GET /graphql', handshake(host)));
        await until(() => connection.received() !== '');
        return statusOf(connection.received());
      }),
    );
    expect(answers).toEqual(['421', '101']);
  });

  const authorized = { Authorization: 'Bearer alice' };
});
