import { pino } from 'pino';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { defaultWebSocketBounds, type WebSocketBounds } from '../../src/http/sockets/bounds.ts';
import { createManualClock } from '../support/manual-clock.ts';
import { bearer, createKeyring } from './keyring.ts';
import { openRawConnection, requestText, upgrade } from './raw-connection.ts';
import { handshake, openSocket } from './socket.ts';
import { startTestServer } from './test-server.ts';
import { until } from '../support/until.ts';

const { maxMessageBytes, maxSubscriptions, maxMessagesPerSecond, maxBufferedBytes, maxFragments } =
  defaultWebSocketBounds;
const mebibyte = 1024 * 1024;
/** Of the messages that are counted, connection_init is the first. */
const burst = maxMessagesPerSecond * 10 - 1;

const clock = createManualClock();
let server: Awaited<ReturnType<typeof startTestServer>>;
beforeAll(async () => {
  server = await startTestServer({ clock });
});
afterAll(() => server.close());

type Socket = Awaited<ReturnType<typeof openSocket>>;

async function answers(socket: Socket, id = 'still there'): Promise<void> {
  socket.subscribe(id, '{ hello }');
  await socket.heard({ type: 'complete', id });
}

const errorOf = ({ messages }: Socket, id: string) =>
  messages.find((message) => message.type === 'error' && message.id === id)?.payload;

function aliceAndFriends() {
  const keyring = createKeyring(clock);
  for (const name of ['alice', 'bob', 'carol']) keyring.issue(name);
  return keyring;
}

async function startGuarded(bounds: Partial<WebSocketBounds>) {
  const { authentication } = aliceAndFriends();
  return await startTestServer({ clock, authentication, webSocketBounds: { ...defaultWebSocketBounds, ...bounds } });
}

describe('a message', () => {
  const messageOf = (bytes: number) => {
    const withPadding = (padding: string) =>
      JSON.stringify({ type: 'subscribe', id: '1', payload: { query: '{ hello }', extensions: { padding } } });
    return withPadding('x'.repeat(bytes - withPadding('').length));
  };

  test('over the limit closes its own socket only', async () => {
    const [large, other] = [await openSocket(server.url), await openSocket(server.url)];
    large.send(messageOf(maxMessageBytes + 1));
    expect(await large.closed).toBe(1009);
    other.send(messageOf(maxMessageBytes));
    await other.heard({ type: 'complete', id: '1' });
    other.terminate();
  });

  test('in too many fragments closes its own socket only', async () => {
    const [shredded, other] = [await openSocket(server.url), await openSocket(server.url)];
    shredded.sendFragments(messageOf(1_000), maxFragments + 1);
    expect(await shredded.closed).toBe(1008);
    other.sendFragments(messageOf(1_000), maxFragments);
    await other.heard({ type: 'complete', id: '1' });
    other.terminate();
  });
});

describe('operations on one socket', () => {
  test('are refused beyond so many, and the others go on', async () => {
    const socket = await openSocket(server.url);
    for (let id = 0; id <= maxSubscriptions; id += 1) socket.subscribe(String(id), 'subscription { endless }');
    const refused = String(maxSubscriptions);
    await socket.heard({ type: 'error', id: refused });
    expect(errorOf(socket, refused)).toMatchObject([{ extensions: { code: 'RATE_LIMITED', retryAfterSeconds: 1 } }]);
    expect(server.subscribers()).toBe(maxSubscriptions);
    socket.say({ type: 'complete', id: '0' });
    await until(() => server.subscribers() === maxSubscriptions - 1);
    await answers(socket, refused);
    socket.terminate();
    await until(() => server.subscribers() === 0);
  });

  test('are refused when together they hold too much memory, until some have ended', async () => {
    const socket = await openSocket(server.url);
    const large = { padding: 'x'.repeat(mebibyte - 1_000) };
    const held = maxBufferedBytes / mebibyte;
    for (let id = 0; id <= held; id += 1) socket.subscribe(String(id), 'subscription { endless }', large);
    await socket.heard({ type: 'error', id: String(held) });
    expect(errorOf(socket, String(held))).toMatchObject([
      { extensions: { code: 'RATE_LIMITED', retryAfterSeconds: 1 } },
    ]);
    expect(server.subscribers()).toBe(held);
    socket.say({ type: 'complete', id: '0' });
    await until(() => server.subscribers() === held - 1);
    socket.subscribe('next', '{ hello }', large);
    await socket.heard({ type: 'complete', id: 'next' });
    socket.terminate();
    await until(() => server.subscribers() === 0);
  });
});

describe('messages a second', () => {
  test('are bounded over ten of them: a burst passes, and what comes on top of it ends the socket', async () => {
    const [eager, other] = [await openSocket(server.url), await openSocket(server.url)];
    other.subscribe('1', 'subscription { flood(kilobytes: 1) }');
    for (let sent = 1; sent < burst; sent += 1) eager.say({ type: 'ping' });
    await eager.settled();
    expect(eager.isOver()).toBe(false);
    eager.say({ type: 'ping' });
    expect(await eager.closed).toBe(1008);
    expect(eager.reason()).toBe('Too many messages');

    const before = other.messages.length;
    await until(() => other.messages.length > before + 10);
    other.terminate();
  });

  test('may go on for ever at the rate itself', async () => {
    const socket = await openSocket(server.url);
    for (let sent = 1; sent < burst; sent += 1) socket.say({ type: 'ping' });
    for (let second = 0; second < 8; second += 1) {
      await socket.settled();
      await clock.advance(1_000);
      for (let sent = 1; sent < maxMessagesPerSecond; sent += 1) socket.say({ type: 'ping' });
    }
    await socket.settled();
    expect(socket.isOver()).toBe(false);
    socket.terminate();
  });

  test.each([
    ['what is no message', (socket: Socket) => socket.send('x')],
    ["the network's own pings", (socket: Socket) => socket.ping()],
    ['operations', (socket: Socket) => socket.subscribe('1', '{')],
  ])('count %s as well, before it is looked at', async (_what, send) => {
    const few = await startTestServer({
      clock,
      webSocketBounds: { ...defaultWebSocketBounds, maxMessagesPerSecond: 1 },
    });
    const socket = await openSocket(few.url);
    for (let sent = 0; sent < 9; sent += 1) socket.say({ type: 'pong' });
    send(socket);
    expect(await socket.closed).toBe(1008);
    await few.close();
  });
});

describe('sockets a key', () => {
  test('are bounded, and another key is let in', async () => {
    await using guarded = await startGuarded({ maxSocketsPerKey: 2 });
    const byHeader = await openSocket(guarded.url, undefined, {}, { headers: bearer('alice') });
    const byInit = await openSocket(guarded.url, undefined, bearer('alice'));
    byHeader.subscribe('1', 'subscription { endless }');
    await byHeader.heard({ type: 'next', id: '1' });

    expect(await handshake(guarded.url, bearer('alice'))).toMatchObject({
      status: 429,
      headers: { 'retry-after': '1' },
      body: expect.stringContaining('"retryAfterSeconds":1,"code":"RATE_LIMITED"'),
    });
    const refused = await openSocket(guarded.url, undefined, bearer('alice'));
    // Not fatal to the client of graphql-ws: it tries again.
    expect(await refused.closed).toBe(1013);
    const byOperation = await openSocket(guarded.url);
    byOperation.subscribe('1', '{ owner }', { headers: bearer('alice') });
    await byOperation.heard({ type: 'error', id: '1' });
    expect(errorOf(byOperation, '1')).toMatchObject([{ extensions: { code: 'RATE_LIMITED', retryAfterSeconds: 1 } }]);

    const other = await openSocket(guarded.url, undefined, bearer('bob'));
    await answers(other);
    expect(guarded.subscribers()).toBe(1);
    for (const socket of [byHeader, byInit, byOperation, other]) socket.terminate();
  });

  test('are free again when one closes', async () => {
    await using guarded = await startGuarded({ maxSocketsPerKey: 1 });
    const first = await openSocket(guarded.url, undefined, bearer('alice'));
    expect(await handshake(guarded.url, bearer('alice'))).toMatchObject({ status: 429 });
    first.terminate();
    await until(async () => (await handshake(guarded.url, bearer('alice'))).status === 101);
  });

  test('are those of whom a socket belongs to now', async () => {
    await using guarded = await startGuarded({ maxSocketsPerKey: 1 });
    const socket = await openSocket(guarded.url);
    for (const name of ['alice', 'bob']) {
      socket.subscribe(name, '{ owner }', { headers: bearer(name) });
      await socket.heard({ type: 'complete', id: name });
    }
    expect(await handshake(guarded.url, bearer('bob'))).toMatchObject({ status: 429 });
    expect(await handshake(guarded.url, bearer('alice'))).toMatchObject({ status: 101 });
    socket.terminate();
  });

  test('are not taken by one that has gone before its key was checked', async () => {
    const { authentication } = aliceAndFriends();
    const checked = Promise.withResolvers<void>();
    let checking = 0;
    await using slow = await startTestServer({
      webSocketBounds: { ...defaultWebSocketBounds, maxSocketsPerKey: 1 },
      authentication: {
        ...authentication,
        authenticate: async (credentials) => {
          const identity = await authentication.authenticate(credentials);
          checking += 1;
          if (checking === 1) await checked.promise;
          return identity;
        },
      },
    });
    const gone = await openSocket(slow.url);
    gone.subscribe('1', 'subscription { endless }', { headers: bearer('alice') });
    await until(() => checking === 1);
    gone.terminate();
    await answers(await openSocket(slow.url, undefined, bearer('bob')));
    checked.resolve();
    await until(() => checking > 1);
    expect(await handshake(slow.url, bearer('alice'))).toMatchObject({ status: 101 });
  });

  test('are not counted where nobody has one', async () => {
    await using open = await startTestServer({ webSocketBounds: { ...defaultWebSocketBounds, maxSocketsPerKey: 1 } });
    const sockets = [await openSocket(open.url), await openSocket(open.url), await openSocket(open.url)];
    for (const socket of sockets) {
      await answers(socket);
      socket.terminate();
    }
  });
});

describe('half-open sockets', () => {
  const openSilent = (url: string) => openSocket(url, undefined, null);

  test('are bounded: the next one takes the place of the oldest', async () => {
    await using guarded = await startGuarded({ maxHalfOpen: 3 });
    const subscriber = await openSocket(guarded.url, undefined, bearer('alice'));
    subscriber.subscribe('1', 'subscription { endless }');
    await subscriber.heard({ type: 'next', id: '1' });
    const silent = [await openSilent(guarded.url), await openSilent(guarded.url), await openSilent(guarded.url)];
    const isOver = () => silent.map((socket) => socket.isOver());

    // A known caller takes none of their places.
    expect(await handshake(guarded.url, bearer('bob'))).toMatchObject({ status: 101 });
    expect(await handshake(guarded.url, bearer('mallory'))).toMatchObject({ status: 401 });
    for (const socket of silent) await socket.settled();
    expect(isOver()).toEqual([false, false, false]);

    const late = await openSocket(guarded.url, undefined, bearer('carol'));
    expect(await silent[0]?.closed).toBe(1013);
    await answers(late);
    // It is known, and left its place: there is room for one more.
    const next = await openSilent(guarded.url);
    await next.settled();
    expect(isOver()).toEqual([true, false, false]);
    expect(guarded.subscribers()).toBe(1);
    for (const socket of [subscriber, late, next, ...silent]) socket.terminate();
  });

  test('that never say who they are keep no stranger out, however many come', async () => {
    await using guarded = await startGuarded({ maxHalfOpen: 3 });
    const crowd = [];
    for (let count = 0; count < 20; count += 1) crowd.push(await openSilent(guarded.url));
    const stranger = await openSocket(guarded.url, undefined, bearer('alice'));
    await answers(stranger);
    for (const socket of [stranger, ...crowd]) socket.terminate();
  });

  test('end with 4401 after 10 s without anything valid; one operation that is keeps a socket', async () => {
    await using guarded = await startGuarded({});
    const [nobody, guessing, known] = [
      await openSocket(guarded.url),
      await openSocket(guarded.url),
      await openSocket(guarded.url),
    ];
    guessing.subscribe('1', '{ owner }', { headers: bearer('mallory') });
    known.subscribe('1', '{ owner }', { headers: bearer('alice') });
    await Promise.all([guessing.heard({ type: 'error', id: '1' }), known.heard({ type: 'complete', id: '1' })]);
    await clock.advance(9_000);
    for (const socket of [nobody, guessing, known]) await socket.settled();
    expect([nobody, guessing, known].map((socket) => socket.isOver())).toEqual([false, false, false]);
    await clock.advance(1_000);
    expect(await Promise.all([nobody.closed, guessing.closed])).toEqual([4401, 4401]);
    await known.settled();
    expect(known.isOver()).toBe(false);
    known.terminate();
  });

  test('have two timers together, however many they are, and a socket that says who it is has none', async () => {
    await using guarded = await startGuarded({});
    const before = clock.sleepers();
    const known = await openSocket(guarded.url, undefined, bearer('alice'));
    const silent = await Promise.all(Array.from({ length: 20 }, () => openSilent(guarded.url)));
    expect(clock.sleepers() - before).toBe(2);
    await clock.advance(3_000);
    expect(new Set(await Promise.all(silent.map(({ closed }) => closed)))).toEqual(new Set([4408]));
    await clock.advance(7_000);
    expect(clock.sleepers()).toBe(before);
    expect(known.isOver()).toBe(false);
    known.terminate();
  });

  test('are those without connection_init where nobody has a key', async () => {
    await using open = await startTestServer({ clock, webSocketBounds: { ...defaultWebSocketBounds, maxHalfOpen: 2 } });
    const initialised = [await openSocket(open.url), await openSocket(open.url), await openSocket(open.url)];
    const silent = [await openSilent(open.url), await openSilent(open.url)];
    // A header means nothing here, and buys nothing.
    silent.push(await openSocket(open.url, undefined, null, { headers: bearer('anybody') }));
    expect(await silent[0]?.closed).toBe(1013);
    await clock.advance(10_000);
    expect(await Promise.all(silent.map(({ closed }) => closed))).toEqual([1013, 4408, 4408]);
    for (const socket of initialised) {
      await answers(socket);
      socket.terminate();
    }
  });

  test('that are told to close and stay are cut off', async () => {
    await using guarded = await startGuarded({});
    using silent = await openRawConnection(guarded.port);
    await silent.send(requestText('GET /graphql', upgrade));
    await until(() => silent.received().startsWith('HTTP/1.1 101 '));
    await clock.advance(3_000);
    await until(() => silent.received().endsWith('Connection initialisation timeout'));
    expect(silent.socket.destroyed).toBe(false);
    await clock.advance(1_000);
    await silent.closed;
  });
});

describe('a client that takes nothing any more', () => {
  test('is dropped when it goes on asking, and others are served', async () => {
    const [stopped, other] = [await openSocket(server.url), await openSocket(server.url)];
    stopped.pause();
    for (let id = 0; id < 60; id += 1) stopped.subscribe(String(id), '{ big(kilobytes: 512) }');
    for (let id = 0; id < 20; id += 1) await answers(other, String(id));
    stopped.resume();
    expect(await stopped.closed).toBe(1006);
    expect(stopped.messages.length).toBeLessThan(60);
    other.terminate();
  });

  test('is dropped once, whatever still comes for it', async () => {
    const drops: string[] = [];
    const logger = pino({ level: 'warn' }, { write: (line: string) => void drops.push(line) });
    await using logging = await startTestServer({ clock, logger });
    const stopped = await openSocket(logging.url);
    stopped.pause();
    for (let id = 0; id < 20; id += 1) stopped.subscribe(String(id), 'subscription { flood(kilobytes: 2048) }');
    await until(() => drops.length > 0 && logging.subscribers() === 0);
    stopped.terminate();
    await stopped.closed;
    expect(drops).toEqual([expect.stringContaining('that stopped reading')]);
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
    const pingClock = createManualClock();
    await using pinging = await startTestServer({ clock: pingClock });
    const [silent, alive] = [
      await openSocket(pinging.url, undefined, {}, { autoPong: false }),
      await openSocket(pinging.url),
    ];
    for (const socket of [silent, alive]) socket.subscribe('1', 'subscription { endless }');
    await until(() => pinging.subscribers() === 2);
    await pingClock.advance(12_000);
    await until(() => alive.pings() === 1 && silent.pings() === 1);
    // The pong is on its way: what comes after it on the same socket is answered later.
    await answers(alive, '2');
    expect(pinging.subscribers()).toBe(2);
    await pingClock.advance(12_000);
    await until(() => pinging.subscribers() === 1);
    await silent.closed;
    expect(alive.isOver()).toBe(false);
    alive.terminate();
  });
});
