import { afterEach, beforeEach, expect, test } from 'vitest';
import { systemClock } from '../../src/kit/clock.ts';
import { bearer, createKeyring } from './keyring.ts';
import { openSocket } from './socket.ts';
import { post, startTestServer, type TestServer } from './test-server.ts';
import { until } from '../support/until.ts';

let server: TestServer;
beforeEach(async () => {
  const keyring = createKeyring(systemClock);
  for (const owner of ['alice', 'bob']) keyring.issue(owner);
  server = await startTestServer({ authentication: keyring.authentication, access: { authenticated: true } });
});
afterEach(async () => {
  server.gate.open();
  await server.close();
});

const ask = async (owner: string, query: string) => {
  const response = await post(server.url, { query }, bearer(owner));
  return { status: response.status, headers: response.headers, body: await response.json() };
};
const times = <Made>(count: number, make: () => Made): Made[] => Array.from({ length: count }, make);
const hello = { status: 200, body: { data: { hello: 'world' } } };

/** Fifty that are executed, over HTTP, and so many of the same key that wait. */
async function fill(waiting: number) {
  const running = times(50, () => ask('alice', '{ slow }'));
  await until(() => server.gate.waiting === 50);
  let answered = 0;
  const behind = times(waiting, () => ask('alice', '{ hello }').finally(() => (answered += 1)));
  return { all: [...running, ...behind], answered: () => answered };
}

test('of one key’s queries, fifty are executed at once; the next ones wait, and other keys’ don’t', async () => {
  const { all, answered } = await fill(5);
  expect(await ask('bob', '{ hello }')).toMatchObject(hello);
  expect(answered()).toBe(0);
  server.gate.open();
  expect((await Promise.all(all)).every(({ status }) => status === 200)).toBe(true);
});

test('those that come by WebSocket wait with the others', async () => {
  await fill(0);
  const [alice, bob] = await Promise.all(
    ['alice', 'bob'].map((owner) => openSocket(server.url, undefined, {}, { headers: bearer(owner) })),
  );
  for (const socket of [alice, bob]) socket?.subscribe('1', '{ hello }');
  await bob?.heard({ type: 'complete', id: '1' });
  await alice?.settled();
  expect(alice?.messages.some(({ id }) => id === '1')).toBe(false);
  server.gate.open();
  await alice?.heard({ type: 'complete', id: '1' });
});

test('mutations, which do one thing after the other, don’t wait for queries', async () => {
  await fill(0);
  const mutations = times(60, () => ask('alice', 'mutation { slowly }'));
  await until(() => server.gate.waiting === 110);
  server.gate.open();
  await Promise.all(mutations);
});

test('subscriptions count until they are set up', async () => {
  const socket = await openSocket(server.url, undefined, {}, { headers: bearer('alice') });
  for (let id = 1; id <= 60; id += 1) socket.subscribe(String(id), 'subscription { endless }');
  await until(() => socket.messages.filter(({ type }) => type === 'next').length === 60);
});

test('five hundred wait; more are refused, and told so over either transport', async () => {
  const { all } = await fill(500);
  await until(async () => (await ask('alice', '{ hello }')).status === 429);
  const refused = await ask('alice', '{ hello }');
  expect(refused.headers.get('retry-after')).toBe('1');
  expect(refused.body).toEqual({
    errors: [
      {
        message: expect.stringContaining('Too many of your operations wait'),
        extensions: { code: 'RATE_LIMITED', retryAfterSeconds: 1 },
      },
    ],
  });
  const socket = await openSocket(server.url, undefined, {}, { headers: bearer('alice') });
  socket.subscribe('1', '{ hello }');
  await until(() => socket.messages.some(({ id }) => id === '1'));
  expect(JSON.stringify(socket.messages)).toContain('RATE_LIMITED');
  server.gate.open();
  await Promise.all(all);
}, 20_000);

test('what waits for a caller that has gone is not executed', async () => {
  const { all } = await fill(0);
  const leaving = new AbortController();
  const gone = fetch(`${server.url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...bearer('alice') },
    body: JSON.stringify({ query: '{ slow }' }),
    signal: leaving.signal,
  }).catch(() => 'gone');
  // The control: of the same moment, and stays.
  const staying = ask('alice', '{ slow }');
  await ask('bob', '{ hello }');
  leaving.abort();
  expect(await gone).toBe('gone');
  await ask('bob', '{ hello }');
  server.gate.open();
  await Promise.all([...all, staying]);
  expect(server.gate.waiting).toBe(51);
});
