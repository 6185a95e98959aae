import { createClient, type FormattedExecutionResult } from 'graphql-ws';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import { openSocket } from './socket.ts';
import { startTestServer } from './test-server.ts';
import { until } from '../support/until.ts';

let server: Awaited<ReturnType<typeof startTestServer>>;
beforeAll(async () => {
  server = await startTestServer();
});
afterAll(() => server.close());

describe('with the client of graphql-ws', () => {
  test('queries, mutations and subscriptions are answered', async () => {
    await using client = connectClient();
    server.gate.open();
    expect(await client.all('{ hello }')).toEqual([{ data: { hello: 'world' } }]);
    expect(await client.all('mutation { slowly }')).toEqual([{ data: { slowly: 'done' } }]);
    expect(await client.all('subscription { count(to: 2) }')).toEqual([{ data: { count: 1 } }, { data: { count: 2 } }]);
  });

  test('errors have the codes that they have over HTTP, and nothing of the inside', async () => {
    await using client = connectClient();
    const [broken] = await client.all('{ hello broken refused }');
    expect(broken).toMatchObject({
      data: { hello: 'world' },
      errors: [
        { path: ['broken'], extensions: { code: 'INTERNAL_SERVER_ERROR' } },
        { path: ['refused'], extensions: { code: 'NOT_FOUND' } },
      ],
    });
    expect(broken?.errors?.[1]?.extensions).toEqual({ code: 'NOT_FOUND' });
    expect(JSON.stringify(broken)).not.toContain('hunter2');
    await expect(client.all('subscription { refusedAtOnce }')).rejects.toMatchObject([
      { extensions: { code: 'NOT_FOUND' } },
    ]);
    await expect(client.all('subscription { brokenAfter(count: 1) }')).rejects.toMatchObject([
      { extensions: { code: 'INTERNAL_SERVER_ERROR' } },
    ]);
  });

  test.each([
    ['a syntax error', '{ hello', 'GRAPHQL_PARSE_FAILED'],
    ['a document too long', `{ ${'hello '.repeat(4_000)} }`, 'TOO_COMPLEX'],
    ['an unknown field', '{ nope }', 'GRAPHQL_VALIDATION_FAILED'],
    ['several operations and no choice', 'query A { hello } query B { hello }', 'BAD_USER_INPUT'],
  ])('%s ends its own operation and leaves the others alone', async (_what, query, code) => {
    await using client = connectClient();
    const endless = client.start('subscription { endless }');
    expect(await endless.next()).toMatchObject({ value: { data: { endless: 1 } } });
    await expect(client.all(query)).rejects.toMatchObject([{ extensions: { code } }]);
    expect(await client.all('{ hello }')).toEqual([{ data: { hello: 'world' } }]);
    expect(server.subscribers()).toBe(1);
    expect(client.closes).toEqual([]);
    await endless.return?.();
  });

  test('a client that unsubscribes or leaves is no subscriber any more', async () => {
    const client = connectClient();
    const [one, other] = [client.start('subscription { endless }'), client.start('subscription { endless }')];
    await Promise.all([one.next(), other.next()]);
    expect(server.subscribers()).toBe(2);
    await one.return?.();
    await until(() => server.subscribers() === 1);
    await client[Symbol.asyncDispose]();
    await until(() => server.subscribers() === 0);
  });
});

describe('the protocol', () => {
  test('an id that is used again gets its own result, not that of the operation before', async () => {
    await using slow = await startTestServer();
    const socket = await openSocket(slow.url);
    socket.subscribe('1', '{ slow }');
    await until(() => slow.gate.waiting === 1);
    socket.say({ type: 'complete', id: '1' });
    // Both wait at the same gate: the old result comes first.
    socket.subscribe('1', 'mutation { slowly }');
    socket.subscribe('2', '{ hello }');
    await socket.heard({ type: 'complete', id: '2' });
    slow.gate.open();
    await socket.heard({ type: 'complete', id: '1' });
    expect(socket.messages.filter(({ id }) => id === '1')).toEqual([
      { type: 'next', id: '1', payload: { data: { slowly: 'done' } } },
      { type: 'complete', id: '1' },
    ]);
    socket.terminate();
  });

  test('an operation that was completed while it waited for its id is not run', async () => {
    await using slow = await startTestServer();
    const socket = await openSocket(slow.url);
    socket.subscribe('1', '{ slow }');
    await until(() => slow.gate.waiting === 1);
    socket.say({ type: 'complete', id: '1' });
    socket.subscribe('1', 'mutation { slowly }');
    socket.say({ type: 'complete', id: '1' });
    socket.subscribe('1', '{ hello }');
    socket.subscribe('2', '{ hello }');
    await socket.heard({ type: 'complete', id: '2' });
    slow.gate.open();
    await socket.heard({ type: 'complete', id: '1' });
    expect(slow.gate.waiting).toBe(1);
    socket.terminate();
  });

  test('an id that is still in use closes the socket with 4409', async () => {
    const socket = await openSocket(server.url);
    socket.subscribe('1', 'subscription { endless }');
    socket.subscribe('1', '{ hello }');
    expect(await socket.closed).toBe(4409);
  });

  test('another subprotocol is not agreed to, and none is refused with 4406', async () => {
    // 1006: a client gives up by itself when the server chooses none of its subprotocols.
    expect(await (await openSocket(server.url, ['graphql-ws'])).closed).toBe(1006);
    expect(await (await openSocket(server.url, [])).closed).toBe(4406);
  });

  test('an id of more than 128 characters closes it with 4400, and nobody else hears of it', async () => {
    const [socket, other] = [await openSocket(server.url), await openSocket(server.url)];
    const id = '号'.repeat(500);
    socket.subscribe(id, 'subscription { endless }');
    socket.subscribe(id, '{ hello }');
    expect(await socket.closed).toBe(4400);
    other.subscribe('1', '{ hello }');
    await other.heard({ type: 'complete', id: '1' });
    other.terminate();
  });

  test.each([
    '{"type":"subscribe"}',
    '{"type":"next","id":"1","payload":{}}',
    '{"type":"connection_ack"}',
    'hello',
    '',
  ])('what is no message of a client, such as %s, closes the socket with 4400', async (text) => {
    const socket = await openSocket(server.url);
    socket.send(text);
    expect(await socket.closed).toBe(4400);
  });
});

function connectClient() {
  const closes: unknown[] = [];
  const client = createClient({
    url: `${server.url.replace('http', 'ws')}/graphql`,
    webSocketImpl: WebSocket,
    lazy: true,
    retryAttempts: 0,
    on: { closed: (event) => closes.push(event) },
  });
  return {
    closes,
    start: (query: string) => client.iterate({ query }),
    async all(query: string) {
      const results: FormattedExecutionResult<Record<string, unknown>, unknown>[] = [];
      for await (const result of client.iterate({ query })) results.push(result);
      return results;
    },
    [Symbol.asyncDispose]: async () => client.dispose(),
  };
}
