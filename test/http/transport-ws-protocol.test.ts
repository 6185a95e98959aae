import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import { localCaller } from '../../src/http/authentication/authentication.ts';
import { createManualClock } from '../support/manual-clock.ts';
import { openSocket } from './socket.ts';
import { startTestServer } from './test-server.ts';
import { until } from '../support/until.ts';

// Rule by rule, what https://github.com/enisdenjo/graphql-ws/blob/master/PROTOCOL.md asks of a server.

type Socket = Awaited<ReturnType<typeof openSocket>>;

let server: Awaited<ReturnType<typeof startTestServer>>;
beforeAll(async () => {
  server = await startTestServer();
});
afterAll(() => server.close());

const connect = (url = server.url) => openSocket(url);
const connectWithoutInit = (url = server.url) => openSocket(url, undefined, null);

const init = { type: 'connection_init' };
const ack = { type: 'connection_ack' };
const next = (id: string, data: object) => ({ type: 'next', id, payload: { data } });
const complete = (id: string) => ({ type: 'complete', id });

/** What was heard of one operation, in order. */
const messagesOf = (socket: Socket, operation: string) => socket.messages.filter(({ id }) => id === operation);

/** It is still there, and answers. */
async function expectToServe(socket: Socket): Promise<void> {
  socket.subscribe('control', '{ hello }');
  await socket.heard(complete('control'));
  expect(messagesOf(socket, 'control')).toEqual([next('control', { hello: 'world' }), complete('control')]);
  socket.terminate();
}

async function expectClosed(socket: Socket, code: number, reason: string): Promise<void> {
  expect([await socket.closed, socket.reason()]).toEqual([code, reason]);
}

describe('the subprotocol', () => {
  const openingWith = async (protocols: string[]) => {
    const socket = new WebSocket(`${server.url.replace('http', 'ws')}/graphql`, protocols);
    await until(() => socket.readyState === socket.OPEN);
    socket.terminate();
    return socket.protocol;
  };

  test('is graphql-transport-ws, whatever else a client offers', async () => {
    expect(await openingWith(['graphql-transport-ws'])).toBe('graphql-transport-ws');
    expect(await openingWith(['graphql-ws', 'graphql-transport-ws'])).toBe('graphql-transport-ws');
  });

  test('must be offered: 4406', async () => {
    await expectClosed(await openSocket(server.url, [], null), 4406, 'Subprotocol not acceptable');
  });
});

describe('connection_init', () => {
  test.each<[string, object]>([
    ['no payload', {}],
    ['null', { payload: null }],
    ['parameters', { payload: { any: ['thing'] } }],
  ])('with %s is acknowledged once', async (_what, rest) => {
    const socket = await connectWithoutInit();
    socket.say({ ...init, ...rest });
    await socket.heard(ack);
    await socket.settled();
    expect(socket.messages).toEqual([ack, { type: 'pong' }]);
    await expectToServe(socket);
  });

  test('must come within three seconds: 4408', async () => {
    const clock = createManualClock();
    await using waiting = await startTestServer({ clock });
    const [silent, ready] = [await connectWithoutInit(waiting.url), await connect(waiting.url)];
    await clock.advance(2_999);
    await silent.settled();
    expect(silent.isOver()).toBe(false);
    await clock.advance(1);
    await expectClosed(silent, 4408, 'Connection initialisation timeout');
    await expectToServe(ready);
  });

  test('may come once: 4429', async () => {
    const socket = await connect();
    socket.say(init);
    await expectClosed(socket, 4429, 'Too many initialisation requests');
    expect(socket.messages).toEqual([ack]);
  });

  test('may come once, also while the first has not been acknowledged yet: 4429', async () => {
    await using slow = await startSlowToAcknowledge();
    const socket = await connectWithoutInit(slow.url);
    socket.say(init);
    socket.say(init);
    await expectClosed(socket, 4429, 'Too many initialisation requests');
    slow.acknowledge();
    expect(socket.messages).toEqual([]);
  });
});

describe('subscribe', () => {
  test('may not come before connection_init: 4401, and nothing is executed', async () => {
    await using guarded = await startTestServer();
    const socket = await connectWithoutInit(guarded.url);
    socket.subscribe('1', 'mutation { slowly }');
    await expectClosed(socket, 4401, 'Unauthorized');
    expect([guarded.gate.waiting, socket.messages]).toEqual([0, []]);

    const control = await connect(guarded.url);
    control.subscribe('1', 'mutation { slowly }');
    await until(() => guarded.gate.waiting === 1);
    control.terminate();
    guarded.gate.open();
  });

  test('may not come before the connection was acknowledged: 4401', async () => {
    await using slow = await startSlowToAcknowledge();
    const socket = await connectWithoutInit(slow.url);
    socket.say(init);
    socket.subscribe('1', '{ hello }');
    await expectClosed(socket, 4401, 'Unauthorized');
    slow.acknowledge();
    expect(socket.messages).toEqual([]);

    const control = await connect(slow.url);
    await expectToServe(control);
  });

  test.each([
    ['a subscription', 'subscription { endless }'],
    ['a query', '{ slow }'],
  ])('may not take the id of %s that is running: 4409', async (_what, query) => {
    await using busy = await startTestServer();
    const socket = await connect(busy.url);
    socket.subscribe('first', query);
    socket.subscribe('first', '{ hello }');
    await expectClosed(socket, 4409, 'Subscriber for first already exists');
    busy.gate.open();
  });

  test('may take an id again that the server has completed, refused, or was told to complete', async () => {
    const socket = await connect();
    const useId = async (query: string, type: string) => {
      const before = socket.messages.length;
      socket.subscribe('1', query);
      await until(() => socket.messages.slice(before).some((message) => message.type === type));
    };
    await useId('{ hello }', 'complete');
    await useId('{ nope }', 'error');
    await useId('subscription { endless }', 'next');
    socket.say(complete('1'));
    await useId('{ hello }', 'complete');
    await expectToServe(socket);
  });

  test.each(['__proto__', 'constructor', ' ', '💥', 'x'.repeat(128)])('may have any text as its id: %j', async (id) => {
    const socket = await connect();
    socket.subscribe(id, 'subscription { count(to: 1) }');
    await socket.heard(complete(id));
    expect(messagesOf(socket, id)).toEqual([next(id, { count: 1 }), complete(id)]);
    socket.subscribe(id, 'subscription { endless }');
    socket.subscribe(id, '{ hello }');
    expect(await socket.closed).toBe(4409);
  });

  test('may have null where it has nothing to say', async () => {
    const socket = await connect();
    const nothing = { operationName: null, variables: null, extensions: null };
    socket.say({ type: 'subscribe', id: '1', payload: { query: '{ hello }', ...nothing } });
    await socket.heard(complete('1'));
    expect(messagesOf(socket, '1')).toEqual([next('1', { hello: 'world' }), complete('1')]);
    socket.terminate();
  });

  test('chooses an operation by its name and gives it variables', async () => {
    const socket = await connect();
    const query = 'query A { hello } query B($text: String!) { echo(text: $text) }';
    socket.say({ type: 'subscribe', id: '1', payload: { query, operationName: 'B', variables: { text: 'x' } } });
    await socket.heard(complete('1'));
    expect(messagesOf(socket, '1')).toEqual([next('1', { echo: 'x' }), complete('1')]);
    socket.terminate();
  });
});

describe('the answer to an operation', () => {
  test.each([
    ['query', '{ hello }', [{ hello: 'world' }]],
    ['mutation', 'mutation { slowly }', [{ slowly: 'done' }]],
    ['subscription', 'subscription { count(to: 3) }', [{ count: 1 }, { count: 2 }, { count: 3 }]],
    ['subscription without events', 'subscription { count(to: 0) }', []],
  ])('of a %s is every result as next, in order, then complete', async (_kind, query, results) => {
    server.gate.open();
    const socket = await connect();
    socket.subscribe('1', query);
    await socket.heard(complete('1'));
    await socket.settled();
    expect(messagesOf(socket, '1')).toEqual([...results.map((data) => next('1', data)), complete('1')]);
    socket.terminate();
  });

  test('carries its own id, where several are running', async () => {
    await using busy = await startTestServer();
    const socket = await connect(busy.url);
    socket.subscribe('slow', '{ slow }');
    socket.subscribe('endless', 'subscription { endless }');
    socket.subscribe('quick', '{ hello }');
    await socket.heard(complete('quick'));
    await socket.heard(next('endless', {}));
    expect(messagesOf(socket, 'slow')).toEqual([]);
    busy.gate.open();
    await socket.heard(complete('slow'));
    expect(messagesOf(socket, 'slow')).toEqual([next('slow', { slow: 'done' }), complete('slow')]);
    expect(messagesOf(socket, 'endless')).toEqual([next('endless', { endless: 1 })]);
    socket.terminate();
  });

  test.each([
    ['a syntax error', '{ hello'],
    ['a validation error', '{ nope }'],
    ['no such operation', ''],
    ['a subscription that can not start', 'subscription { refusedAtOnce }'],
  ])('is one error and nothing else after %s', async (_what, query) => {
    const socket = await connect();
    socket.subscribe('1', query);
    await socket.heard({ type: 'error', id: '1' });
    await socket.settled();
    expect(messagesOf(socket, '1')).toEqual([
      { type: 'error', id: '1', payload: [expect.objectContaining({ message: expect.any(String) })] },
    ]);
    await expectToServe(socket);
  });

  test('ends with one error, and no complete, where a stream breaks off', async () => {
    const socket = await connect();
    socket.subscribe('1', 'subscription { brokenAfter(count: 2) }');
    await socket.heard({ type: 'error', id: '1' });
    await socket.settled();
    expect(messagesOf(socket, '1').map(({ type }) => type)).toEqual(['next', 'next', 'error']);
    await expectToServe(socket);
  });

  test.each([
    [
      'fields have failed',
      '{ hello broken }',
      { data: { hello: 'world', broken: null }, errors: [{ path: ['broken'] }] },
    ],
    ['a variable is missing', 'query ($text: String!) { echo(text: $text) }', { errors: [{}] }],
  ])('is a result with errors, and complete, where %s', async (_what, query, payload) => {
    const socket = await connect();
    socket.subscribe('1', query);
    await socket.heard(complete('1'));
    expect(messagesOf(socket, '1')).toMatchObject([{ type: 'next', id: '1', payload }, complete('1')]);
    socket.terminate();
  });
});

describe('complete, from the client,', () => {
  test('ends a subscription, without an answer', async () => {
    const socket = await connect();
    socket.subscribe('1', 'subscription { endless }');
    await socket.heard({ type: 'next', id: '1' });
    expect(server.subscribers()).toBe(1);
    socket.say(complete('1'));
    await until(() => server.subscribers() === 0);
    await socket.settled();
    expect(messagesOf(socket, '1')).toEqual([next('1', { endless: 1 })]);
    await expectToServe(socket);
  });

  test('ends a stream that has more to send', async () => {
    const socket = await connect();
    socket.subscribe('1', 'subscription { flood(kilobytes: 1) }');
    await socket.heard({ type: 'next', id: '1' });
    socket.say(complete('1'));
    await socket.settled();
    const heard = messagesOf(socket, '1').length;
    await until(() => server.subscribers() === 0);
    await socket.settled();
    expect(messagesOf(socket, '1').map(({ type }) => type)).toEqual(Array.from({ length: heard }, () => 'next'));
    await expectToServe(socket);
  });

  test('keeps the result of a query or mutation back that comes later', async () => {
    await using busy = await startTestServer();
    const socket = await connect(busy.url);
    socket.subscribe('1', '{ slow }');
    socket.subscribe('2', 'mutation { slowly }');
    socket.subscribe('3', '{ slow }');
    await until(() => busy.gate.waiting === 3);
    socket.say(complete('1'));
    socket.say(complete('2'));
    await socket.settled();
    busy.gate.open();
    await socket.heard(complete('3'));
    await socket.settled();
    expect([messagesOf(socket, '1'), messagesOf(socket, '2')]).toEqual([[], []]);
    await expectToServe(socket);
  });

  test('before a subscription has started lets it send nothing', async () => {
    await using busy = await startTestServer();
    const socket = await connect(busy.url);
    socket.subscribe('1', 'subscription { answersWith(value: "slow") }');
    await until(() => busy.gate.waiting === 1);
    socket.say(complete('1'));
    await socket.settled();
    busy.gate.open();
    await until(() => busy.subscribers() === 0);
    await socket.settled();
    expect(messagesOf(socket, '1')).toEqual([]);
    await expectToServe(socket);
  });

  test('is ignored for an id that nobody knows, or whose operation is over', async () => {
    const socket = await connect();
    socket.say(complete('unknown'));
    socket.subscribe('1', '{ hello }');
    await socket.heard(complete('1'));
    socket.say(complete('1'));
    socket.subscribe('2', '{ nope }');
    await socket.heard({ type: 'error', id: '2' });
    socket.say(complete('2'));
    await socket.settled();
    expect(messagesOf(socket, '1')).toHaveLength(2);
    expect(messagesOf(socket, '2')).toHaveLength(1);
    await expectToServe(socket);
  });
});

describe('ping', () => {
  test.each<[string, object, object]>([
    ['no payload', {}, {}],
    ['null', { payload: null }, {}],
    ['a payload', { payload: { at: 1, nested: { deep: [true] } } }, { payload: { at: 1, nested: { deep: [true] } } }],
    ['an empty payload', { payload: {} }, { payload: {} }],
  ])('with %s is answered by pong with the same', async (_what, rest, answer) => {
    const socket = await connect();
    socket.say({ type: 'ping', ...rest });
    await socket.heard({ type: 'pong' });
    expect(socket.messages).toEqual([ack, { type: 'pong', ...answer }]);
    await expectToServe(socket);
  });

  test('is answered before connection_init, and while operations run', async () => {
    await using busy = await startTestServer();
    const socket = await connectWithoutInit(busy.url);
    await socket.settled();
    expect(socket.messages).toEqual([{ type: 'pong' }]);
    socket.say(init);
    await socket.heard(ack);
    socket.subscribe('1', '{ slow }');
    await until(() => busy.gate.waiting === 1);
    await socket.settled();
    expect(socket.messages).toEqual([{ type: 'pong' }, ack, { type: 'pong' }]);
    busy.gate.open();
    await socket.heard(complete('1'));
    socket.terminate();
  });
});

test('a pong that nobody asked for is ignored, also before connection_init', async () => {
  const socket = await connectWithoutInit();
  socket.say({ type: 'pong' });
  socket.say({ type: 'pong', payload: { at: 1 } });
  socket.say(init);
  await socket.heard(ack);
  await socket.settled();
  expect(socket.messages).toEqual([ack, { type: 'pong' }]);
  await expectToServe(socket);
});

describe('what the protocol does not know', () => {
  const subscribe = { type: 'subscribe', id: '1', payload: { query: '{ hello }' } };
  test.each<[string, unknown]>([
    ['no JSON', 'hello'],
    ['nothing', ''],
    ['half a message', '{"type":"ping"'],
    ['null', null],
    ['a number', 1],
    ['a text', '"ping"'],
    ['a list of messages', [{ type: 'ping' }]],
    ['a message without a type', {}],
    ['a type that is no text', { type: 1 }],
    ['an unknown type', { type: 'hello' }],
    ['the start of the older protocol', { ...subscribe, type: 'start' }],
    ['a type that every object has', { type: 'constructor' }],
    ['a subscribe without an id', { ...subscribe, id: undefined }],
    ['a subscribe with an empty id', { ...subscribe, id: '' }],
    ['a subscribe with a number as id', { ...subscribe, id: 1 }],
    ['a subscribe without a payload', { ...subscribe, payload: undefined }],
    ['a subscribe with a list as payload', { ...subscribe, payload: [] }],
    ['a subscribe without a query', { ...subscribe, payload: {} }],
    ['a subscribe with a query that is no text', { ...subscribe, payload: { query: {} } }],
    [
      'a subscribe with an operation name that is no text',
      { ...subscribe, payload: { query: '{ hello }', operationName: 1 } },
    ],
    [
      'a subscribe with variables that are no object',
      { ...subscribe, payload: { query: '{ hello }', variables: 'x' } },
    ],
    ['a subscribe with a list of variables', { ...subscribe, payload: { query: '{ hello }', variables: [] } }],
    [
      'a subscribe with extensions that are no object',
      { ...subscribe, payload: { query: '{ hello }', extensions: 1 } },
    ],
    ['a complete without an id', { type: 'complete' }],
    ['a ping with a text as payload', { type: 'ping', payload: 'x' }],
    ['a pong with a list as payload', { type: 'pong', payload: [] }],
    ['an acknowledgement, which is the server’s to give', ack],
    ['a result, which is the server’s to give', next('1', {})],
    ['an error, which is the server’s to give', { type: 'error', id: '1', payload: [{ message: 'x' }] }],
  ])('%s closes the socket at once: 4400', async (_what, message) => {
    const [socket, other] = [await connect(), await connect()];
    socket.send(textOf(message));
    await expectClosed(socket, 4400, 'Invalid message received');
    expect(socket.messages).toEqual([ack]);
    await expectToServe(other);
  });

  test('is closed for at once: what was sent after it is not executed', async () => {
    await using guarded = await startTestServer();
    const socket = await connect(guarded.url);
    socket.send('hello');
    socket.subscribe('1', 'mutation { slowly }');
    await socket.closed;
    expect(guarded.gate.waiting).toBe(0);
    guarded.gate.open();
  });

  test('closes the socket before connection_init, too: 4400', async () => {
    const socket = await connectWithoutInit();
    socket.send('hello');
    await expectClosed(socket, 4400, 'Invalid message received');
  });
});

test('a client that closes normally ends its subscriptions', async () => {
  const socket = new WebSocket(`${server.url.replace('http', 'ws')}/graphql`, ['graphql-transport-ws']);
  await until(() => socket.readyState === socket.OPEN);
  socket.send(JSON.stringify(init));
  await new Promise((resolve) => socket.once('message', resolve));
  socket.send(JSON.stringify({ type: 'subscribe', id: '1', payload: { query: 'subscription { endless }' } }));
  await until(() => server.subscribers() === 1);
  const closed = new Promise((resolve) => socket.once('close', resolve));
  socket.close(1000, 'Normal Closure');
  expect(await closed).toBe(1000);
  await until(() => server.subscribers() === 0);
});

/** Where nobody is known, and nothing acknowledged, before the test says so. */
async function startSlowToAcknowledge() {
  const known = Promise.withResolvers<void>();
  const slow = await startTestServer({
    authentication: {
      ...localCaller,
      authenticate: (credentials) => known.promise.then(() => localCaller.authenticate(credentials)),
    },
  });
  return { ...slow, acknowledge: known.resolve };
}

function textOf(message: unknown): string {
  return typeof message === 'string' ? message : JSON.stringify(message);
}
