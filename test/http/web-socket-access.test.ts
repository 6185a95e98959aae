import { createClient } from 'graphql-ws';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import { createManualClock } from '../support/manual-clock.ts';
import { bearer, createKeyring, type Keyring } from './keyring.ts';
import { exchange, requestText, upgrade } from './raw-connection.ts';
import { handshake, openSocket } from './socket.ts';
import { post, startTestServer } from './test-server.ts';
import { until } from '../support/until.ts';

const clock = createManualClock();
let keyring: Keyring;
let server: Awaited<ReturnType<typeof startTestServer>>;
beforeAll(async () => {
  const authentication = {
    authenticate: (...given: Parameters<Keyring['authentication']['authenticate']>) =>
      keyring.authentication.authenticate(...given),
    findEnded: (...given: Parameters<Keyring['authentication']['findEnded']>) =>
      keyring.authentication.findEnded(...given),
  };
  server = await startTestServer({ clock, authentication });
});
beforeEach(() => {
  keyring = createKeyring(clock);
  keyring.issue('alice');
  keyring.issue('bob');
});
afterAll(() => server.close());

/** Whose name an operation on the socket is answered with; the error's code where it is refused. */
async function ownerOf(socket: Awaited<ReturnType<typeof openSocket>>, id: string, extensions = {}): Promise<unknown> {
  socket.subscribe(id, '{ owner }', extensions);
  await until(() => socket.messages.some((message) => message.id === id));
  return socket.messages.find((message) => message.id === id)?.payload;
}

const answeredAs = (owner: string) => ({ data: { owner } });
const refusedBy = (code: string) => [expect.objectContaining({ extensions: expect.objectContaining({ code }) })];

describe('pages that may connect', () => {
  test('are those of the same origin, behind a proxy too, and clients that are no pages', async () => {
    expect(await handshake(server.url)).toMatchObject({ status: 101 });
    expect(await handshake(server.url, { origin: server.url })).toMatchObject({ status: 101 });
    const proxied = { origin: 'https://tasks.example', 'x-forwarded-host': 'tasks.example' };
    expect(await handshake(server.url, proxied)).toMatchObject({ status: 101 });
  });

  test('are those of listed origins', async () => {
    await using listing = await startTestServer({ access: { corsOrigins: ['https://app.example'] } });
    expect(await handshake(listing.url, { origin: 'https://app.example' })).toMatchObject({ status: 101 });
    expect(await handshake(listing.url, { origin: 'https://evil.example' })).toMatchObject({
      status: 403,
      body: expect.stringContaining('"FORBIDDEN"'),
    });
  });

  test('are none of any other origin', async () => {
    expect(await handshake(server.url, { origin: 'https://evil.example' })).toMatchObject({ status: 403 });
    expect(await handshake(server.url, { origin: 'null' })).toMatchObject({ status: 403 });
    expect(await handshake(server.url, { origin: 'https://evil.example', ...bearer('alice') })).toMatchObject({
      status: 403,
    });
  });

  test('are told of a proxy that loses the header beside Upgrade', async () => {
    const { Connection: _lost, ...others } = upgrade;
    const listed = requestText('GET /graphql', { ...others, Host: 'tasks.example', Origin: 'https://tasks.example' });
    const refused = await exchange(server.port, listed);
    expect(refused).toMatch(/^HTTP\/1\.1 426 /);
    expect(refused).toMatch(/^Upgrade: websocket\r$/m);
    expect(refused).toContain('Upgrade came without Connection: Upgrade.');
    const foreign = requestText('GET /graphql', { ...others, Origin: 'https://evil.example' });
    expect(await exchange(server.port, foreign)).toMatch(/^HTTP\/1\.1 403 /);
  });

  test('are none that let a name of their own point to this machine', async () => {
    const rebound = { host: 'evil.example', origin: 'http://evil.example' };
    await using local = await startTestServer({ access: { loopbackOnly: true } });
    expect(await handshake(local.url, rebound)).toMatchObject({ status: 421 });
    expect(await handshake(server.url, rebound)).toMatchObject({ status: 101 });
  });

  test('find a WebSocket at the endpoint only', async () => {
    expect(await handshake(server.url, {}, '/metrics/')).toMatchObject({ status: 404 });
  });
});

describe('a key in the handshake', () => {
  test('is whom the socket belongs to', async () => {
    const socket = await openSocket(server.url, undefined, {}, { headers: bearer('alice') });
    expect(await ownerOf(socket, '1')).toEqual(answeredAs('alice'));
    socket.terminate();
  });

  test.each([
    ['an unknown key', 'Bearer mallory'],
    ['another scheme', 'Basic YWxpY2U6'],
    ['nothing', ''],
  ])('that is %s opens no socket, and is answered as any other request', async (_what, authorization) => {
    const refused = await handshake(server.url, { authorization });
    const overHttp = await post(server.url, { query: '{ owner }' }, { authorization });
    expect(refused.status).toBe(401);
    expect(refused.body).toBe(await overHttp.text());
    for (const name of ['www-authenticate', 'content-type', 'cache-control', 'content-security-policy']) {
      expect(refused.headers[name], name).toBe(overHttp.headers.get(name));
    }
  });

  test('that nobody can check at the moment opens none either, and may come again', async () => {
    keyring.isAway = true;
    expect(await handshake(server.url, bearer('alice'))).toMatchObject({ status: 503 });
    keyring.isAway = false;
    expect(await handshake(server.url, bearer('alice'))).toMatchObject({ status: 101 });
  });

  test('holds no shutdown up while it is being checked', async () => {
    const slow = await startSlowly();
    const socket = openSocket(slow.server.url, undefined, {}, { headers: bearer('alice') });
    await slow.checking;
    await slow.server.close();
    expect(await (await socket).closed).toBe(1006);
    slow.letGo();
  });

  test('opens no socket any more when it was checked during a shutdown', async () => {
    const slow = await startSlowly();
    const answered = handshake(slow.server.url, bearer('alice'));
    await slow.checking;
    await slow.server.drain();
    slow.letGo();
    expect(await answered).toMatchObject({ status: 503, body: expect.stringContaining('SERVICE_UNAVAILABLE') });
    await slow.server.close();
  });

  /** A server that checks keys when it is let go. */
  async function startSlowly() {
    const [began, letGo] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
    const { authentication } = keyring;
    const authenticate: typeof authentication.authenticate = async (credentials) => {
      began.resolve();
      await letGo.promise;
      return authentication.authenticate(credentials);
    };
    const started = await startTestServer({ authentication: { ...authentication, authenticate } });
    return { server: started, checking: began.promise, letGo: letGo.resolve };
  }
});

describe('a key in connection_init', () => {
  test.each([
    ['Authorization', { Authorization: 'Bearer alice' }],
    ['authorization', { authorization: 'Bearer alice' }],
    ['headers.Authorization', { headers: { Authorization: 'Bearer alice' } }],
    ['Authorization, over that of the handshake', { Authorization: 'Bearer alice' }, bearer('bob')],
  ])('as %s is whom the socket belongs to', async (_where, params, headers: Record<string, string> = {}) => {
    const socket = await openSocket(server.url, undefined, params, { headers });
    expect(await ownerOf(socket, '1')).toEqual(answeredAs('alice'));
    socket.terminate();
  });

  test.each([
    ['unknown', { Authorization: 'Bearer mallory' }],
    ['nested and unknown', { headers: { authorization: 'Bearer mallory' } }],
    ['no header at all', { Authorization: 'Bearer 钥匙\n' }],
    ['no text', { Authorization: ['Bearer alice'] }],
    ['nested and no text', { headers: { authorization: { Bearer: 'alice' } } }],
  ])('that is %s closes the socket with 4403', async (_what, params) => {
    const socket = await openSocket(server.url, undefined, params);
    expect(await socket.closed).toBe(4403);
    expect(socket.reason()).toBe('Forbidden');
    expect(socket.messages).toEqual([]);
  });

  test('that nobody can check at the moment closes it with 1013: clients try again', async () => {
    keyring.isAway = true;
    expect(await (await openSocket(server.url, undefined, bearer('alice'))).closed).toBe(1013);
  });

  test('that has expired is replaced by the client of graphql-ws, and its subscription goes on', async () => {
    keyring.issue('old', { owner: 'alice', expiresAt: new Date(clock.now() + 4_000) });
    keyring.issue('new', { owner: 'alice', expiresAt: new Date(clock.now() + 3_600_000) });
    let token = 'old';
    let events = 0;
    const closes: unknown[] = [];
    const client = createClient({
      url: `${server.url.replace('http', 'ws')}/graphql`,
      webSocketImpl: WebSocket,
      connectionParams: () => bearer(token),
      retryWait: () => Promise.resolve(),
      on: { closed: (event) => closes.push(event) },
    });
    const unsubscribe = client.subscribe(
      { query: 'subscription { endless }' },
      { next: () => (events += 1), error: () => {}, complete: () => {} },
    );
    await until(() => events === 1);
    token = 'new';
    await clock.advance(8_000);
    await until(() => events === 2);
    expect(closes).toMatchObject([{ code: 4403 }]);
    unsubscribe();
    await until(() => server.subscribers() === 0);
  });
});

describe('a key with an operation, as GraphiQL sends it', () => {
  test('is whom the operation belongs to, over that of the connection', async () => {
    const anonymous = await openSocket(server.url);
    expect(await ownerOf(anonymous, '1', { headers: { Authorization: 'Bearer alice' } })).toEqual(answeredAs('alice'));
    expect(await ownerOf(anonymous, '2', { headers: bearer('bob') })).toEqual(answeredAs('bob'));
    const connected = await openSocket(server.url, undefined, bearer('alice'));
    expect(await ownerOf(connected, '1', { headers: bearer('bob') })).toEqual(answeredAs('bob'));
    expect(await ownerOf(connected, '2')).toEqual(answeredAs('alice'));
    for (const socket of [anonymous, connected]) socket.terminate();
  });

  test('that is missing or wrong is answered by an error, and the socket lives on', async () => {
    const socket = await openSocket(server.url);
    expect(await ownerOf(socket, '1')).toEqual(refusedBy('UNAUTHENTICATED'));
    expect(await ownerOf(socket, '2', { headers: bearer('mallory') })).toEqual(refusedBy('UNAUTHENTICATED'));
    expect(await ownerOf(socket, '3', { headers: bearer('alice') })).toEqual(answeredAs('alice'));
    // One operation opens the door for itself only.
    expect(await ownerOf(socket, '4')).toEqual(refusedBy('UNAUTHENTICATED'));
    expect(socket.isOver()).toBe(false);
    socket.terminate();
  });

  test.each([
    ['no header', 'Bearer alice\n\nX: y'],
    ['no text', ['Bearer alice']],
    ['a number', 7],
    ['nothing', ''],
  ])('that is %s is not taken for that of the connection', async (_what, Authorization) => {
    const socket = await openSocket(server.url, undefined, bearer('alice'));
    expect(await ownerOf(socket, '1', { headers: { Authorization } })).toEqual(refusedBy('UNAUTHENTICATED'));
    // Left out, it is.
    expect(await ownerOf(socket, '2', { headers: { Authorization: null, 'X-Other': ['y'] } })).toEqual(
      answeredAs('alice'),
    );
    socket.terminate();
  });

  test('that nobody can check at the moment is answered by an error, and the socket lives on', async () => {
    const socket = await openSocket(server.url, undefined, bearer('alice'));
    keyring.isAway = true;
    expect(await ownerOf(socket, '1')).toEqual(refusedBy('SERVICE_UNAVAILABLE'));
    keyring.isAway = false;
    expect(await ownerOf(socket, '2')).toEqual(answeredAs('alice'));
    socket.terminate();
  });

  test('counts against its rate, as over HTTP', async () => {
    await using limited = await startTestServer({
      authentication: keyring.authentication,
      access: { rateLimit: 1 },
    });
    const [socket, other] = [
      await openSocket(limited.url, undefined, bearer('alice')),
      await openSocket(limited.url, undefined, bearer('bob')),
    ];
    for (let id = 0; id < 10; id += 1) expect(await ownerOf(socket, String(id))).toEqual(answeredAs('alice'));
    expect(await ownerOf(socket, '10')).toMatchObject([
      { extensions: { code: 'RATE_LIMITED', retryAfterSeconds: expect.any(Number) } },
    ]);
    expect(await ownerOf(other, '1')).toEqual(answeredAs('bob'));
    for (const each of [socket, other]) each.terminate();
  });
});
