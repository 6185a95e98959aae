import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { makeApiKey } from '../../src/domain/api-key.ts';
import { createApiKeyAuthentication } from '../../src/http/authentication/api-keys.ts';
import type { Authentication } from '../../src/http/authentication/authentication.ts';
import { createBearerAuthentication } from '../../src/http/authentication/bearer.ts';
import { silentLogger } from '../../src/kit/logger.ts';
import { findApiKeys, insertApiKey, revokeApiKey } from '../../src/store/api-keys.ts';
import { openStore } from '../store/open-store.ts';
import { createManualClock } from '../support/manual-clock.ts';
import { bearer, createKeyring, type Keyring } from './keyring.ts';
import { openSocket } from './socket.ts';
import { startTestServer } from './test-server.ts';
import { until } from '../support/until.ts';

/** After a revocation; what authentication may remember of a key comes on top. */
const sweepMs = 4_000;

const clock = createManualClock();
let keyring: Keyring;
let server: Awaited<ReturnType<typeof startTestServer>>;
let sockets: Awaited<ReturnType<typeof openSocket>>[];
beforeAll(async () => {
  const authentication: Authentication = {
    authenticate: (credentials) => keyring.authentication.authenticate(credentials),
    findEnded: (identities) => keyring.authentication.findEnded(identities),
  };
  server = await startTestServer({ clock, authentication });
});
beforeEach(() => {
  sockets = [];
  keyring = createKeyring(clock);
  for (const name of ['alice', 'bob']) keyring.issue(name);
});
afterEach(async () => {
  for (const socket of sockets) socket.terminate();
  await until(() => server.subscribers() === 0);
});
afterAll(() => server.close());

async function open(connectionParams = {}, headers: Record<string, string> = {}) {
  const socket = await openSocket(server.url, undefined, connectionParams, { headers });
  sockets.push(socket);
  return socket;
}

async function subscribe(socket: Awaited<ReturnType<typeof open>>, id: string, extensions = {}): Promise<void> {
  socket.subscribe(id, 'subscription { flood(kilobytes: 1) }', extensions);
  await socket.heard({ type: 'next', id });
}

async function isServed({ messages, isOver }: Awaited<ReturnType<typeof open>>): Promise<boolean> {
  const before = messages.length;
  await until(() => isOver() || messages.length > before + 10);
  return !isOver();
}

describe('a revoked key', () => {
  test('ends all its sockets with 4403, however they got it, and nobody else notices', async () => {
    const byHeader = await open({}, bearer('alice'));
    const byInit = await open(bearer('alice'));
    const byOperation = await open();
    await subscribe(byOperation, '1', { headers: bearer('alice') });
    const other = await open(bearer('bob'));
    await subscribe(other, '1');

    await clock.advance(sweepMs);
    for (const socket of sockets) await socket.settled();
    expect(sockets.map((socket) => socket.isOver())).toEqual([false, false, false, false]);

    keyring.revoke('alice');
    await clock.advance(sweepMs);
    expect(await Promise.all([byHeader.closed, byInit.closed, byOperation.closed])).toEqual([4403, 4403, 4403]);
    expect(byInit.reason()).toBe('Forbidden');
    expect(await isServed(other)).toBe(true);
  });

  test('ends a socket that it came to with an operation, while that runs', async () => {
    const [running, completed] = [await open(bearer('bob')), await open(bearer('bob'))];
    for (const socket of [running, completed]) await subscribe(socket, '1', { headers: bearer('alice') });
    completed.say({ type: 'complete', id: '1' });
    await until(() => server.subscribers() === 1);

    keyring.revoke('alice');
    await clock.advance(sweepMs);
    expect(await running.closed).toBe(4403);
    await completed.settled();
    expect(completed.isOver()).toBe(false);
  });

  test('that another operation has replaced ends nothing', async () => {
    const [replaced, idle] = [await open(), await open()];
    for (const socket of [replaced, idle]) {
      socket.subscribe('1', '{ owner }', { headers: bearer('alice') });
      await socket.heard({ type: 'complete', id: '1' });
    }
    await subscribe(replaced, '2', { headers: bearer('bob') });

    keyring.revoke('alice');
    await clock.advance(sweepMs);
    expect(await idle.closed).toBe(4403);
    expect(await isServed(replaced)).toBe(true);
  });

  test('ends them at the next sweep that can tell, and nothing before', async () => {
    const socket = await open(bearer('alice'));
    keyring.revoke('alice');
    keyring.isAway = true;
    await clock.advance(sweepMs);
    await socket.settled();
    expect(socket.isOver()).toBe(false);
    keyring.isAway = false;
    await clock.advance(sweepMs);
    expect(await socket.closed).toBe(4403);
  });

  test('leaves a client that never answers the close no longer than a second', async () => {
    const socket = await open(bearer('alice'));
    await subscribe(socket, '1');
    socket.pause();
    keyring.revoke('alice');
    await clock.advance(sweepMs);
    expect(server.subscribers()).toBe(1);
    await clock.advance(1_000);
    await until(() => server.subscribers() === 0);
  });
});

describe('an expired token', () => {
  const issueToken = (name: string, seconds: number) =>
    keyring.issue(name, { owner: 'alice', expiresAt: new Date(clock.now() + seconds * 1_000) });

  test('ends its sockets with 4403, and those of a later token of the same owner stay', async () => {
    issueToken('short', 3);
    issueToken('long', 3_600);
    const [short, long] = [await open(bearer('short')), await open(bearer('long'))];
    for (const socket of [short, long]) await subscribe(socket, '1');
    await clock.advance(3_000 + sweepMs);
    expect(await short.closed).toBe(4403);
    expect(await isServed(long)).toBe(true);
  });

  test('ends them even while nobody can tell about keys', async () => {
    issueToken('short', 3);
    const socket = await open(bearer('short'));
    keyring.isAway = true;
    await clock.advance(3_000 + sweepMs);
    expect(await socket.closed).toBe(4403);
  });

  test('ends none that newer operations keep with a newer token', async () => {
    issueToken('short', 3);
    issueToken('long', 3_600);
    const socket = await open();
    for (const name of ['short', 'long']) {
      socket.subscribe(name, '{ owner }', { headers: bearer(name) });
      await socket.heard({ type: 'complete', id: name });
    }
    await clock.advance(3_000 + sweepMs);
    await socket.settled();
    expect(socket.isOver()).toBe(false);
  });
});

test('a key that is revoked in the database ends its socket within 10 s, fresh in memory as it is', async () => {
  await using store = await openStore();
  const findKeys = (ids: readonly string[]) => findApiKeys(store.database, ids);
  const apiKeys = createApiKeyAuthentication({ findKeys }, { clock, logger: silentLogger });
  const authentication = createBearerAuthentication({ apiKeys, tokens: null });
  await using real = await startTestServer({ clock, authentication });
  const [revoked, kept] = [makeApiKey({ owner: 'acme', name: 'one' }), makeApiKey({ owner: 'acme', name: 'other' })];
  for (const { key } of [revoked, kept]) await insertApiKey(store.database, key);
  const ended = await openSocket(real.url, undefined, bearer(revoked.text));
  const other = await openSocket(real.url, undefined, bearer(kept.text));
  await subscribe(other, '1');

  await revokeApiKey(store.database, revoked.key.id);
  await clock.advance(10_000);
  expect(await ended.closed).toBe(4403);
  expect(await isServed(other)).toBe(true);
  expect(await (await openSocket(real.url, undefined, bearer(revoked.text))).closed).toBe(4403);
  other.terminate();
});

test('all that is held is asked after at once, each identity but one time', async () => {
  for (const name of ['alice', 'alice', 'bob']) {
    const socket = await open(bearer(name));
    for (const id of ['1', '2', '3']) await subscribe(socket, id);
  }
  await clock.advance(sweepMs);
  expect(keyring.asked).toEqual([2]);
  for (const socket of sockets) socket.terminate();
  await until(() => server.subscribers() === 0);
  // The server may hear of a socket's end a little later than of its subscriptions'.
  await until(async () => {
    const before = keyring.asked.length;
    await clock.advance(sweepMs);
    return keyring.asked.length === before;
  });
});
