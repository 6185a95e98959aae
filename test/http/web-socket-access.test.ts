import { GraphQLError } from 'graphql';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import { openSocket } from './socket.ts';
import { startTestServer } from './test-server.ts';

let server: Awaited<ReturnType<typeof startTestServer>>;
beforeAll(async () => {
  server = await startTestServer();
});
afterAll(() => server.close());

describe('who may connect', () => {
  const handshake = (path: string, headers: Record<string, string>) => {
    const answered = Promise.withResolvers<number>();
    const socket = new WebSocket(server.url.replace('http', 'ws') + path, ['graphql-transport-ws'], { headers });
    socket.on('unexpected-response', (_request, response) => {
      answered.resolve(response.statusCode ?? 0);
      response.resume();
      socket.terminate();
    });
    socket.on('open', () => {
      answered.resolve(101);
      socket.terminate();
    });
    socket.on('error', () => {});
    return answered.promise;
  };

  test('pages of the same origin, behind a proxy too, and clients that are no browsers', async () => {
    expect(await handshake('/graphql', {})).toBe(101);
    expect(await handshake('/graphql', { origin: server.url })).toBe(101);
    const proxied = { origin: 'https://tasks.example', 'x-forwarded-host': 'tasks.example' };
    expect(await handshake('/graphql', proxied)).toBe(101);
  });

  test('no pages of other origins, which CORS keeps outside of HTTP', async () => {
    expect(await handshake('/graphql', { origin: 'https://evil.example' })).toBe(403);
    expect(await handshake('/graphql', { origin: 'null' })).toBe(403);
  });

  test('nobody elsewhere than at the endpoint', async () => {
    expect(await handshake('/metrics/', {})).toBe(404);
  });

  test('whom the headers of the connection, its init message or the operation name', async () => {
    await using guarded = await startTestServer({
      authenticate: async ({ headers }) => {
        const owner = headers.get('x-owner');
        if (owner === null) throw new GraphQLError('Who are you?', { extensions: { code: 'UNAUTHENTICATED' } });
        return { owner };
      },
    });
    const socket = await openSocket(guarded.url, undefined, { 'X-Owner': 'bob', 'not a header': 'x' });
    socket.subscribe('1', '{ owner }');
    socket.subscribe('2', '{ owner }', { headers: { 'x-owner': 'carol' } });
    await Promise.all([socket.heard({ type: 'complete', id: '1' }), socket.heard({ type: 'complete', id: '2' })]);
    const owners = socket.messages.filter(({ type }) => type === 'next').map(({ payload }) => payload);
    expect(owners).toEqual([{ data: { owner: 'bob' } }, { data: { owner: 'carol' } }]);

    const stranger = await openSocket(guarded.url);
    stranger.subscribe('1', '{ owner }');
    await stranger.heard({ type: 'error', id: '1' });
    expect(stranger.messages.at(-1)?.payload).toMatchObject([{ extensions: { code: 'UNAUTHENTICATED' } }]);
    socket.terminate();
    stranger.terminate();
  });
});
