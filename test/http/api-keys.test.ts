import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { makeApiKey } from '../../src/domain/api-key.ts';
import { createApiKeyAuthentication } from '../../src/http/authentication/api-keys.ts';
import type { Identity } from '../../src/http/authentication/authentication.ts';
import { type BearerScheme, createBearerAuthentication } from '../../src/http/authentication/bearer.ts';
import type { FindKeys } from '../../src/http/authentication/key-memory.ts';
import { silentLogger } from '../../src/kit/logger.ts';
import { findApiKeys, insertApiKey, revokeApiKey } from '../../src/store/api-keys.ts';
import { createDatabase } from '../../src/store/database.ts';
import { openStore, type TestStore } from '../store/open-store.ts';
import { createManualClock, type ManualClock } from '../support/manual-clock.ts';
import { startTcpProxy } from '../support/tcp-proxy.ts';
import { post, startTestServer } from './test-server.ts';

let store: TestStore;
beforeAll(async () => {
  store = await openStore();
});
afterAll(() => store[Symbol.asyncDispose]());

let clock: ManualClock;
beforeEach(() => {
  clock = createManualClock();
  store.statements.length = 0;
});

/** As many replicas as are made of it share the store's database. */
function createReplica(findKeys: FindKeys = (ids) => findApiKeys(store.database, ids)): BearerScheme {
  return createApiKeyAuthentication({ findKeys }, { clock, logger: silentLogger });
}

async function addKey(owner = 'acme') {
  const { key, text } = makeApiKey({ owner, name: 'backend' });
  await insertApiKey(store.database, key);
  store.statements.length = 0;
  return { id: key.id, text };
}

const madeUpKey = (): string => makeApiKey({ owner: 'nobody', name: 'made up' }).text;

const revoke = (id: string) => revokeApiKey(store.database, id);

async function identify(scheme: BearerScheme, text: string): Promise<Identity> {
  const identity = await scheme.authenticate(text);
  if (identity === null) throw new Error('The key was not taken.');
  return identity;
}

/** A replica that reaches the database through a cable, with what it asked and what it complained of. */
async function startBehindCable() {
  await using starting = new AsyncDisposableStack();
  const cable = starting.use(await startTcpProxy(store.connection));
  const connection = { ...store.connection, host: '127.0.0.1', port: cable.port };
  const database = starting.use(createDatabase(connection, silentLogger));
  const asked: (readonly string[])[] = [];
  const warnings: unknown[] = [];
  const findKeys: FindKeys = (ids) => {
    asked.push(ids);
    return findApiKeys(database, ids);
  };
  const logger = { ...silentLogger, warn: (...words: unknown[]) => void warnings.push(words.at(-1)) };
  const replica = createApiKeyAuthentication({ findKeys }, { clock, logger });
  const running = starting.move();
  return { cable, replica, asked, warnings, [Symbol.asyncDispose]: () => running.disposeAsync() };
}

test('a key stands for its owner, and is counted by its id', async () => {
  const { id, text } = await addKey('acme');
  expect(await createReplica().authenticate(text)).toEqual({
    caller: { owner: 'acme' },
    credential: `key:${id}`,
    expiresAt: null,
  });
});

describe('over HTTP', () => {
  test('whatever is wrong with a key, the answer is the same to the byte', async () => {
    const authentication = createBearerAuthentication({ apiKeys: createReplica(), tokens: null });
    await using server = await startTestServer({ authentication });
    const [{ text }, revoked] = [await addKey(), await addKey()];
    await revoke(revoked.id);
    const answerTo = async (headers: Record<string, string>) => {
      const response = await post(server.url, { query: '{ owner }' }, headers);
      const kept = [...response.headers].filter(([name]) => name !== 'date');
      return { status: response.status, headers: Object.fromEntries(kept), body: await response.json() };
    };
    const bearing = (word: string) => answerTo({ authorization: `Bearer ${word}` });
    expect(await bearing(text)).toMatchObject({ status: 200, body: { data: { owner: 'acme' } } });

    const withoutAny = await answerTo({});
    expect(withoutAny).toMatchObject({
      status: 401,
      headers: { 'www-authenticate': 'Bearer' },
      body: { errors: [{ extensions: { code: 'UNAUTHENTICATED' } }] },
    });
    const wrongSecret = text.replace(/.{4}$/, 'AAAA');
    const wrong = [
      revoked.text,
      madeUpKey(),
      wrongSecret,
      text.slice(0, -1),
      `${text}0`,
      'aigc_',
      text.slice(5),
      'x.y.z',
    ];
    for (const word of wrong) expect(await bearing(word), word).toEqual(withoutAny);
    expect(await answerTo({ authorization: text })).toEqual(withoutAny);
    expect(await answerTo({ authorization: `Basic ${btoa(`${text}:`)}` })).toEqual(withoutAny);
    // Control: it was the key, not the many tries before.
    expect(await bearing(text)).toMatchObject({ status: 200 });
  });

  test('a mode that is off takes nothing', async () => {
    const { text } = await addKey();
    const { authenticate } = createBearerAuthentication({ apiKeys: null, tokens: createReplica() });
    const credentials = { headers: new Headers({ authorization: `Bearer ${text}` }) };
    await expect(authenticate(credentials)).rejects.toMatchObject({ status: 401 });
    // Control.
    const on = createBearerAuthentication({ apiKeys: createReplica(), tokens: null });
    expect(await on.authenticate(credentials)).toMatchObject({ caller: { owner: 'acme' } });
  });

  test('a flood of made-up keys over many connections has one query under way at a time', async () => {
    let [running, most] = [0, 0];
    const findKeys: FindKeys = async (ids) => {
      running += 1;
      most = Math.max(most, running);
      return await findApiKeys(store.database, ids).finally(() => (running -= 1));
    };
    const authentication = createBearerAuthentication({ apiKeys: createReplica(findKeys), tokens: null });
    await using server = await startTestServer({ authentication });
    const knock = () => post(server.url, { query: '{ hello }' }, { authorization: `Bearer ${madeUpKey()}` });
    const answers = await Promise.all(Array.from({ length: 300 }, knock));
    expect(answers.every(({ status }) => status === 401)).toBe(true);
    expect(most).toBe(1);
    // Control: without it there would be as many as connections.
    await Promise.all(Array.from({ length: 300 }, () => findKeys([])));
    expect(most).toBe(300);
  });
});

describe('what is asked of the database', () => {
  test('a key in constant use costs one query in five seconds', async () => {
    const { text } = await addKey();
    const { authenticate } = createReplica();
    for (let count = 0; count < 20; count += 1) await authenticate(text);
    await clock.advance(4_999);
    await authenticate(text);
    expect(store.statements).toHaveLength(1);
    await clock.advance(1);
    await authenticate(text);
    expect(store.statements).toHaveLength(2);
  });

  test('what comes while a query runs shares the next one', async () => {
    await using behind = await startBehindCable();
    const { replica, cable, asked } = behind;
    const [first, second] = [await addKey('first'), await addKey('second')];
    cable.holdAnswerTo('api_key');
    const early = replica.authenticate(first.text);
    await cable.untilHeld();
    const late: Promise<Identity | null>[] = [];
    for (let count = 0; count < 50; count += 1) {
      late.push(replica.authenticate(madeUpKey()), replica.authenticate(second.text));
      // Over connections of their own they come one by one.
      await new Promise((resolve) => setImmediate(resolve));
    }
    cable.deliver();
    expect(await early).toMatchObject({ caller: { owner: 'first' } });
    const owners = (await Promise.all(late)).map((identity) => identity?.caller.owner ?? null);
    expect(owners).toEqual(Array.from({ length: 50 }, () => [null, 'second']).flat());
    // Each id once, however many showed it.
    expect(asked.map((ids) => ids.length)).toEqual([1, 51]);
  });

  test('control: one after the other, each made-up key costs its own', async () => {
    const { authenticate } = createReplica();
    for (let count = 0; count < 5; count += 1) await authenticate(madeUpKey());
    expect(store.statements).toHaveLength(5);
  });

  test('what no key looks like costs nothing', async () => {
    const { authenticate } = createReplica();
    for (const text of ['aigc_', `${madeUpKey()}0`, `aigc_' or true --_`]) {
      expect(await authenticate(text)).toBeNull();
    }
    expect(store.statements).toHaveLength(0);
  });

  test('made-up keys are not remembered, and drive no real one out', async () => {
    const { authenticate } = createReplica();
    const { text } = await addKey();
    await authenticate(text);
    const madeUp = Array.from({ length: 20_000 }, madeUpKey);
    await Promise.all(madeUp.map(authenticate));
    store.statements.length = 0;
    expect(await authenticate(text)).not.toBeNull();
    expect(store.statements).toHaveLength(0);
    await authenticate(madeUp[0] ?? '');
    expect(store.statements).toHaveLength(1);
  });

  test('of more than ten thousand real keys, the one that was looked up longest ago is forgotten', async () => {
    let queries = 0;
    const many = Array.from({ length: 10_001 }, () => makeApiKey({ owner: 'acme', name: 'one of many' }));
    const byId = new Map(many.map(({ key }) => [key.id, { ...key, createdAt: new Date(0), revokedAt: null }]));
    const { authenticate } = createReplica(async (ids) => {
      queries += 1;
      return ids.flatMap((id) => byId.get(id) ?? []);
    });
    await Promise.all(many.map(({ text }) => authenticate(text)));
    queries = 0;
    await authenticate(many[1]?.text ?? '');
    expect(queries).toBe(0);
    await authenticate(many[0]?.text ?? '');
    expect(queries).toBe(1);
  });

  test('another’s secret for a remembered key opens nothing', async () => {
    const { authenticate } = createReplica();
    const [{ text }, other] = [await addKey(), await addKey()];
    await authenticate(text);
    expect(await authenticate(text.slice(0, 18) + other.text.slice(18))).toBeNull();
    expect(store.statements).toHaveLength(1);
  });
});

describe('revoked', () => {
  test('a key opens nothing at any replica five seconds later', async () => {
    const [one, other] = [createReplica(), createReplica()];
    const { id, text } = await addKey();
    const bothTake = async () =>
      [await one.authenticate(text), await other.authenticate(text)].map((it) => it !== null);
    expect(await bothTake()).toEqual([true, true]);
    await clock.advance(3_000);
    await revoke(id);
    // Control: it is the memory that runs out, not the query that sees it.
    await clock.advance(1_999);
    expect(await bothTake()).toEqual([true, true]);
    expect(await createReplica().authenticate(text)).toBeNull();
    await clock.advance(1);
    expect(await bothTake()).toEqual([false, false]);
  });

  test('a key is forgotten in time although the answer about it came late', async () => {
    await using behind = await startBehindCable();
    const { replica, cable } = behind;
    const { id, text } = await addKey();
    cable.holdAnswerTo('api_key');
    const early = replica.authenticate(text);
    await cable.untilHeld();
    await revoke(id);
    await clock.advance(4_999);
    cable.deliver();
    expect(await early).not.toBeNull();
    await clock.advance(1);
    expect(await replica.authenticate(text)).toBeNull();
  });

  test('a key is found ended at once, by one query for all sockets, and is out from then on', async () => {
    const replica = createReplica();
    const [kept, revoked] = [await addKey(), await addKey()];
    const identities = await Promise.all(
      [kept.text, revoked.text, revoked.text].map((text) => identify(replica, text)),
    );
    const withToken: Identity = { caller: { owner: 'ada' }, credential: 'owner:ada', expiresAt: null };
    expect(await replica.findEnded([...identities, withToken])).toEqual([]);
    await revoke(revoked.id);
    store.statements.length = 0;
    expect(await replica.findEnded([...identities, withToken])).toEqual(identities.slice(1));
    expect(store.statements).toHaveLength(1);
    expect(await replica.authenticate(revoked.text)).toBeNull();
    expect(await replica.authenticate(kept.text)).not.toBeNull();
  });

  test('nobody to look after costs no query', async () => {
    expect(await createReplica().findEnded([])).toEqual([]);
    expect(store.statements).toHaveLength(0);
  });
});

describe('while the database is away', () => {
  const unavailable = {
    status: 503,
    extensions: { code: 'SERVICE_UNAVAILABLE', retryAfterSeconds: 1 },
    headers: { 'Retry-After': '1' },
  };

  test('a key goes on for a minute, and no other is taken', async () => {
    await using behind = await startBehindCable();
    const { replica, cable, warnings } = behind;
    const { text } = await addKey();
    const identity = await identify(replica, text);
    cable.goAway();
    await clock.advance(59_999);
    expect(await identify(replica, text)).toEqual(identity);
    expect(await replica.findEnded([identity])).toEqual([]);
    await expect(replica.authenticate((await addKey()).text)).rejects.toMatchObject(unavailable);
    await expect(replica.authenticate(madeUpKey())).rejects.toMatchObject(unavailable);
    await clock.advance(1);
    await expect(replica.authenticate(text)).rejects.toMatchObject(unavailable);
    // Said once, not for each.
    expect(warnings).toEqual(['API keys could not be looked up.']);

    cable.comeBack();
    expect(await identify(replica, text)).toEqual(identity);
    expect(await replica.authenticate(madeUpKey())).toBeNull();
  });

  test('a key that was seen revoked does not come back', async () => {
    await using behind = await startBehindCable();
    const { replica, cable } = behind;
    const { id, text } = await addKey();
    const identity = await identify(replica, text);
    await revoke(id);
    expect(await replica.findEnded([identity])).toEqual([identity]);
    cable.goAway();
    await expect(replica.authenticate(text)).rejects.toMatchObject(unavailable);
  });
});
