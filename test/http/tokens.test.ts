import { pino } from 'pino';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createBearerAuthentication } from '../../src/http/authentication/bearer.ts';
import { createTokenAuthentication, type TokenOptions } from '../../src/http/authentication/tokens.ts';
import { silentLogger } from '../../src/kit/logger.ts';
import { createManualClock, type ManualClock } from '../support/manual-clock.ts';
import { openSocket } from './socket.ts';
import { post, startTestServer } from './test-server.ts';
import { until } from '../support/until.ts';
import {
  buildToken,
  type Claims,
  createCurveKey,
  createEdwardsKey,
  createRsaKey,
  type Issuer,
  type SigningKey,
  startIssuer,
  tokenOf,
  withSecret,
} from './token-issuer.ts';

const secret = 'a secret of at least 32 characters';
const issuerName = 'https://issuer.example/';
const second = 1_000;
const minute = 60 * second;

let clock: ManualClock;
let toClose: AsyncDisposableStack;
beforeEach(() => {
  clock = createManualClock();
  toClose = new AsyncDisposableStack();
});
afterEach(() => toClose.disposeAsync());

function createTokens(changes: Partial<TokenOptions> = {}) {
  const options = { keys: { secret }, issuer: issuerName, audience: 'tasks', ownerClaim: 'sub', ...changes };
  return createTokenAuthentication(options, { clock, logger: silentLogger });
}

const nowSeconds = (): number => clock.now() / second;

function goodClaims(): Claims {
  return { sub: 'alice', iss: issuerName, aud: 'tasks', exp: nowSeconds() + 600 };
}

function signed(claims: Claims | string, header: Claims = { alg: 'HS256' }): string {
  return buildToken(header, claims, withSecret(secret));
}

describe('a token signed with the shared secret', () => {
  test.each([256, 384, 512])('by HS%d lets its owner in until it expires', async (bits) => {
    const token = buildToken({ alg: `HS${bits}` }, goodClaims(), withSecret(secret, `sha${bits}`));
    expect(await createTokens().authenticate(token)).toEqual({
      caller: { owner: 'alice' },
      credential: 'owner:alice',
      expiresAt: new Date(clock.now() + 10 * minute),
    });
  });

  test.each<[string, () => string]>([
    ['with another secret', () => buildToken({ alg: 'HS256' }, goodClaims(), withSecret('x'.repeat(32)))],
    ['with no algorithm and no signature', () => buildToken({ alg: 'none' }, goodClaims(), () => Buffer.alloc(0))],
    ['with no algorithm, but a good signature', () => signed(goodClaims(), { alg: 'none' })],
    ['with an algorithm of another kind of key', () => signed(goodClaims(), { alg: 'RS256' })],
    ['with a key that it brings along', () => tokenOf(createRsaKey('1'), goodClaims())],
    ['with a critical header that nobody knows', () => signed(goodClaims(), { alg: 'HS256', crit: ['x'], x: 1 })],
    ['with nothing', () => `${signed(goodClaims()).split('.').slice(0, 2).join('.')}.`],
    ['and changed then', () => signed(goodClaims()).replace(/^[^.]+/, base64url('{"alg":"HS256","typ":"JWT"}'))],
    ['whose claims are no JSON', () => signed('alice')],
    ['whose claims are no object', () => signed('["alice"]')],
  ])('%s is refused', async (_how, build) => {
    expect(await createTokens().authenticate(build())).toBeNull();
    expect(await createTokens().authenticate(signed(goodClaims()))).not.toBeNull();
  });

  test.each(['', '.', '..', 'a.b.c', 'a.b.c.d.e', 'e30.e30.e30', 'x'.repeat(8_192)])('is not %j', async (text) => {
    expect(await createTokens().authenticate(text)).toBeNull();
  });

  test('may be 8 KiB long and no longer', async () => {
    const ofLength = (length: number) => {
      const rest = signed({ ...goodClaims(), padding: '' }).length;
      return signed({ ...goodClaims(), padding: 'x'.repeat(((length - rest) / 4) * 3) });
    };
    const [longest, tooLong] = [ofLength(8_190), ofLength(8_196)];
    expect([longest.length, tooLong.length].map((length) => length > 8_192)).toEqual([false, true]);
    expect(await createTokens().authenticate(longest)).not.toBeNull();
    expect(await createTokens().authenticate(tooLong)).toBeNull();
  });
});

describe('the claims of a token', () => {
  /** Compared to what is good: undefined takes a claim away. */
  const authenticateWith = (changes: Claims, options: Partial<TokenOptions> = {}) =>
    createTokens(options).authenticate(signed({ ...goodClaims(), ...changes }));

  test.each<[string, () => Claims, () => Claims]>([
    ['have no expiry', () => ({ exp: undefined }), () => ({})],
    ['have an expiry that is no number', () => ({ exp: String(nowSeconds() + 600) }), () => ({})],
    ['have an expiry beyond all dates', () => ({ exp: 1e300 }), () => ({ exp: 8e12 })],
    ['have expired', () => ({ exp: nowSeconds() - 1 }), () => ({ exp: nowSeconds() + 1 })],
    ['expire now', () => ({ exp: nowSeconds() }), () => ({ exp: nowSeconds() + 1 })],
    ['are for later', () => ({ nbf: nowSeconds() + 6 }), () => ({ nbf: nowSeconds() + 5 })],
    ['name another issuer', () => ({ iss: 'https://evil.example/' }), () => ({})],
    ['name no issuer', () => ({ iss: undefined }), () => ({})],
    ['name several issuers', () => ({ iss: [issuerName] }), () => ({})],
    ['are for another audience', () => ({ aud: 'mail' }), () => ({})],
    ['are for other audiences', () => ({ aud: ['mail', 'tasks2'] }), () => ({ aud: ['mail', 'tasks'] })],
    ['are for no audience', () => ({ aud: undefined }), () => ({})],
    ['name no owner', () => ({ sub: undefined }), () => ({})],
    ['name nobody as owner', () => ({ sub: '' }), () => ({ sub: '-' })],
    ['have a space around the owner', () => ({ sub: 'alice ' }), () => ({ sub: 'alice' })],
    ['have in the owner what nobody sees', () => ({ sub: 'ali\u200Bce' }), () => ({ sub: 'ali ce' })],
    ['have an accent apart in the owner', () => ({ sub: 'u\u0308' }), () => ({ sub: '\u00FC' })],
    ['name a number as owner', () => ({ sub: 7 }), () => ({ sub: '7' })],
    ['name an object as owner', () => ({ sub: { id: 'alice' } }), () => ({})],
    ['name a list as owner', () => ({ sub: ['alice'] }), () => ({})],
    ['have NUL in the owner', () => ({ sub: 'ali\0ce' }), () => ({ sub: 'ali ce' })],
    ['have a line break in the owner', () => ({ sub: 'ali\nce' }), () => ({ sub: 'ali-ce' })],
    ['have half a character in the owner', () => ({ sub: '\ud83d' }), () => ({ sub: '\ud83d\ude00' })],
    ['have an owner too long', () => ({ sub: 'é'.repeat(256) }), () => ({ sub: '😀'.repeat(255) })],
  ])('that %s are refused', async (_what, wrong, right) => {
    expect(await authenticateWith(wrong())).toBeNull();
    expect(await authenticateWith(right())).not.toBeNull();
  });

  test('name no owner as owners are written, as the log tells once a minute, and not whom', async () => {
    const lines: string[] = [];
    const logger = pino({ level: 'warn' }, { write: (line: string) => void lines.push(line) });
    const options = { keys: { secret }, issuer: issuerName, audience: 'tasks', ownerClaim: 'sub' };
    const tokens = createTokenAuthentication(options, { clock, logger });
    const strange = signed({ ...goodClaims(), sub: 'mal\u200Blory' });
    expect([await tokens.authenticate(strange), await tokens.authenticate(strange)]).toEqual([null, null]);
    expect(lines).toEqual([expect.stringMatching(/"claim":"sub".*a valid token was refused/)]);
    expect(lines[0]).not.toContain('lory');
    await clock.advance(minute);
    await tokens.authenticate(strange);
    expect(lines).toHaveLength(2);
  });

  test('may name any issuer and audience where none is configured', async () => {
    const anybody = { issuer: null, audience: null };
    expect(await authenticateWith({ iss: undefined, aud: 'mail' }, anybody)).not.toBeNull();
    expect(await authenticateWith({ exp: undefined }, anybody)).toBeNull();
  });

  test.each(['email', 'https://example.com/owner'])(
    'name the owner where the operator says: %s',
    async (ownerClaim) => {
      expect(await authenticateWith({ [ownerClaim]: 'bob' }, { ownerClaim })).toMatchObject({
        caller: { owner: 'bob' },
      });
      expect(await authenticateWith({}, { ownerClaim })).toBeNull();
    },
  );

  test('name with whom their owner shares, where the operator says in which claim', async () => {
    const caller = async (claims: Claims) => (await authenticateWith(claims, { shareClaim: 'tenant' }))?.caller;
    expect(await caller({ tenant: 'acme' })).toEqual({ owner: 'alice', shareGroup: 'acme' });
    expect(await caller({})).toEqual({ owner: 'alice' });
    expect(await caller({ tenant: 42 })).toBeUndefined();
    expect(await caller({ tenant: 'ac\nme' })).toBeUndefined();
    // The control: an issuer's claims mean nothing else.
    expect((await authenticateWith({ tenant: 'acme' }))?.caller).toEqual({ owner: 'alice' });
  });

  test.each(['constructor', '__proto__', 'toString'])(
    'name no owner by what every object has: %s',
    async (ownerClaim) => {
      expect(await authenticateWith({}, { ownerClaim })).toBeNull();
    },
  );
});

describe('an identity', () => {
  test('has ended as soon as its token has expired, when the token lets nobody in any more either', async () => {
    const tokens = createTokens();
    const token = signed({ ...goodClaims(), exp: nowSeconds() + 60 });
    const [short, long] = [await tokens.authenticate(token), await tokens.authenticate(signed(goodClaims()))];
    if (!short || !long) throw new Error('Both are valid.');
    const identities = [short, long, { caller: { owner: 'bob' }, credential: 'key:1', expiresAt: null }];
    await clock.advance(minute - 1);
    expect(await tokens.findEnded(identities)).toEqual([]);
    expect(await tokens.authenticate(token)).not.toBeNull();
    await clock.advance(1);
    expect(await tokens.findEnded(identities)).toEqual([short]);
    expect(await tokens.authenticate(token)).toBeNull();
  });
});

describe('a token signed with a key that its issuer publishes', () => {
  test.each([
    ...['RS256', 'RS384', 'RS512', 'PS256', 'PS384', 'PS512'].map((alg) => createRsaKey('1', { alg })),
    ...(['ES256', 'ES384', 'ES512'] as const).map((alg) => createCurveKey('1', alg)),
    createEdwardsKey('1'),
  ])('by $alg lets its owner in', async (key) => {
    const { tokens } = await startWith(key);
    expect(await tokens.authenticate(tokenOf(key, goodClaims()))).toMatchObject({ credential: 'owner:alice' });
  });

  const key = createRsaKey('1');
  const asSecret = (text: string) => buildToken({ alg: 'HS256', kid: '1' }, goodClaims(), withSecret(text));
  test.each<[string, () => string]>([
    [
      'uses the public key, as PEM, as a secret',
      () => asSecret(String(key.publicKey.export({ type: 'spki', format: 'pem' }))),
    ],
    ['uses the public key, as JSON, as a secret', () => asSecret(JSON.stringify(key.jwk))],
    ['uses the public key, as its modulus, as a secret', () => asSecret(String(key.jwk.n))],
    [
      'uses a secret that the issuer has published',
      () => buildToken({ alg: 'HS256', kid: 'oct' }, goodClaims(), withSecret(secret)),
    ],
    ['names no algorithm', () => buildToken({ alg: 'none', kid: '1' }, goodClaims(), () => Buffer.alloc(0))],
    ['names another algorithm than its key is for', () => tokenOf({ ...key, alg: 'RS512' }, goodClaims())],
    ['is signed with another key', () => tokenOf(createRsaKey('1'), goodClaims())],
    ['is signed with a key that it brings along', () => signedWithOwnKey()],
    ['is signed with a key too short', () => tokenOf(short, goodClaims())],
    ['names a broken key', () => tokenOf({ ...key, kid: 'broken' }, goodClaims())],
    ['names a key for encryption', () => tokenOf({ ...key, kid: 'encryption' }, goodClaims())],
  ])('is refused when it %s', async (_what, build) => {
    const { issuer, tokens } = await startWith(key, short);
    issuer.keys.push(
      { kty: 'oct', kid: 'oct', k: base64url(secret) },
      { ...key.jwk, kid: 'broken', n: 'AQAB' },
      { ...key.jwk, kid: 'encryption', use: 'enc' },
    );
    expect(await tokens.authenticate(build())).toBeNull();
    expect(await tokens.authenticate(tokenOf(key, goodClaims()))).not.toBeNull();
  });

  const short = createRsaKey('short', { modulusLength: 1_024 });
  function signedWithOwnKey(): string {
    const { alg, jwk, sign } = createRsaKey('mine');
    return buildToken({ alg, jwk }, goodClaims(), sign);
  }
});

describe('the keys of an issuer', () => {
  const [firstKey, secondKey] = [createEdwardsKey('1'), createEdwardsKey('2')];
  const tokenBy = (key: SigningKey) => tokenOf(key, goodClaims());

  test('are fetched once, also for tokens that come at the same time', async () => {
    const { issuer, tokens } = await startWith(firstKey);
    await Promise.all(Array.from({ length: 20 }, () => tokens.authenticate(tokenBy(firstKey))));
    expect(await tokens.authenticate(tokenBy(firstKey))).not.toBeNull();
    expect(issuer.requests).toBe(1);
  });

  test('are not fetched for what could not be valid with any', async () => {
    const { issuer, tokens } = await startWith(firstKey);
    expect(await tokens.authenticate(signed(goodClaims()))).toBeNull();
    expect(issuer.requests).toBe(0);
  });

  test('are fetched again for a new key, but not more than twice a minute for keys that nobody knows', async () => {
    const { issuer, tokens } = await startWith(firstKey);
    await tokens.authenticate(tokenBy(firstKey));
    for (let index = 0; index < 20; index += 1) expect(await tokens.authenticate(tokenBy(secondKey))).toBeNull();
    expect(issuer.requests).toBe(1);

    issuer.keys = [firstKey.jwk, secondKey.jwk];
    await clock.advance(30 * second);
    expect(await tokens.authenticate(tokenBy(secondKey))).not.toBeNull();
    expect(await tokens.authenticate(tokenBy(firstKey))).not.toBeNull();
    const unknown = { ...firstKey, kid: '3' };
    for (let index = 0; index < 20; index += 1) expect(await tokens.authenticate(tokenBy(unknown))).toBeNull();
    expect(issuer.requests).toBe(2);
  });

  test('that it has withdrawn count no more after ten minutes', async () => {
    const { issuer, tokens } = await startWith(firstKey, secondKey);
    const claims = { ...goodClaims(), exp: nowSeconds() + 3_600 };
    expect(await tokens.authenticate(tokenOf(firstKey, claims))).not.toBeNull();
    issuer.keys = [secondKey.jwk];
    await clock.advance(10 * minute);
    expect(await tokens.authenticate(tokenOf(firstKey, claims))).toBeNull();
    expect(await tokens.authenticate(tokenOf(secondKey, claims))).not.toBeNull();
  });

  test('end who came in by them within ten minutes of being withdrawn, without any other request', async () => {
    const { issuer, tokens } = await startWith(firstKey, secondKey);
    const claims = { ...goodClaims(), exp: nowSeconds() + 7_200 };
    const [withdrawn, kept] = await Promise.all(
      [firstKey, secondKey].map((key) => tokens.authenticate(tokenOf(key, claims))),
    );
    if (!withdrawn || !kept) throw new Error('Both are valid.');
    issuer.keys = [secondKey.jwk];
    expect(await tokens.findEnded([withdrawn, kept])).toEqual([]);
    await clock.advance(10 * minute);
    expect(await tokens.findEnded([withdrawn, kept])).toEqual([withdrawn]);
    issuer.answer = (_request, response) => response.writeHead(500).end();
    await clock.advance(90 * minute);
    expect(await tokens.findEnded([kept])).toEqual([]);
  });

  test('are fetched beside what goes on, before they are old', async () => {
    const { issuer, tokens } = await startWith(firstKey);
    await tokens.authenticate(tokenBy(firstKey));
    issuer.answer = (_request, response) => response.write('{');
    await clock.advance(5 * minute);
    expect(await tokens.authenticate(tokenBy(firstKey))).not.toBeNull();
    await until(() => issuer.requests === 2);
  });

  test('are not waited for again and again while an issuer hangs', async () => {
    const { issuer, tokens } = await startWith(firstKey);
    const token = tokenOf(firstKey, { ...goodClaims(), exp: nowSeconds() + 7_200 });
    await tokens.authenticate(token);
    issuer.answer = (_request, response) => response.write('{');
    await clock.advance(10 * minute);
    const waiting = tokens.authenticate(token);
    await until(() => issuer.requests === 2);
    await clock.advance(5 * second);
    expect(await waiting).not.toBeNull();
    // The next fetch hangs as well, and nobody with a key that is known waits for it.
    await clock.advance(30 * second);
    expect(await tokens.authenticate(token)).not.toBeNull();
    await until(() => issuer.requests === 3);
  });

  test('outlive its absence for an hour, in which it is not asked for each token', async () => {
    const { issuer, tokens } = await startWith(firstKey);
    const token = tokenOf(firstKey, { ...goodClaims(), exp: nowSeconds() + 7_200 });
    await tokens.authenticate(token);
    issuer.answer = (_request, response) => response.writeHead(500).end();
    await clock.advance(60 * minute - 1);
    for (let index = 0; index < 20; index += 1) expect(await tokens.authenticate(token)).not.toBeNull();
    expect(await tokens.authenticate(tokenOf(secondKey, { ...goodClaims() }))).toBeNull();
    expect(issuer.requests).toBe(2);
    await clock.advance(30 * second);
    await expect(tokens.authenticate(token)).rejects.toMatchObject({ status: 503 });
  });

  test('that never came are asked for every five seconds, and until then no token is called invalid', async () => {
    const { issuer, tokens } = await startWith(firstKey);
    const { answer } = issuer;
    issuer.answer = (_request, response) => response.writeHead(500).end();
    for (let index = 0; index < 20; index += 1) {
      await expect(tokens.authenticate(tokenBy(firstKey))).rejects.toMatchObject(unavailable);
    }
    expect(issuer.requests).toBe(1);
    issuer.answer = answer;
    await clock.advance(5 * second);
    expect(await tokens.authenticate(tokenBy(firstKey))).not.toBeNull();
    expect(issuer.requests).toBe(2);
  });

  test('are not waited for longer than five seconds', async () => {
    const { issuer, tokens } = await startWith(firstKey);
    issuer.answer = (_request, response) => response.write('{');
    const refused = tokens.authenticate(tokenBy(firstKey)).catch((error: unknown) => error);
    await until(() => issuer.requests === 1);
    await clock.advance(5 * second);
    expect(await refused).toMatchObject(unavailable);
  });

  test.each<[string, Issuer['answer']]>([
    ['is longer than 256 KiB', (_request, response) => response.end(`{"keys":[]}${' '.repeat(256 * 1024)}`)],
    ['never ends', (_request, response) => pourOut(response)],
    ['is no JSON', (_request, response) => response.end('<html></html>')],
    ['is no set of keys', (_request, response) => response.end('{"keys":{}}')],
    ['is an error', (_request, response) => response.writeHead(404).end('{"keys":[]}')],
  ])('are not taken from an answer that %s', async (_what, answer) => {
    const { issuer, tokens } = await startWith(firstKey);
    issuer.answer = answer;
    await expect(tokens.authenticate(tokenBy(firstKey))).rejects.toMatchObject(unavailable);
  });

  test('are not taken from where another server redirects to', async () => {
    const { issuer } = await startWith(firstKey);
    const redirecting = await startWith();
    redirecting.issuer.answer = (_request, response) => response.writeHead(302, { location: issuer.url }).end();
    await expect(redirecting.tokens.authenticate(tokenBy(firstKey))).rejects.toMatchObject(unavailable);
    expect(issuer.requests).toBe(0);
  });

  test('can not come from a server that is down', async () => {
    const { issuer, tokens } = await startWith(firstKey);
    await issuer[Symbol.asyncDispose]();
    await expect(tokens.authenticate(tokenBy(firstKey))).rejects.toMatchObject(unavailable);
  });
});

test('a token that expires ends its sockets within ten seconds, with 4403', async () => {
  const tokens = createTokens();
  const authentication = createBearerAuthentication({ apiKeys: null, tokens });
  await using server = await startTestServer({ clock, authentication });
  const connect = (exp: number) => {
    const params = { Authorization: `Bearer ${signed({ ...goodClaims(), exp })}` };
    return openSocket(server.url, undefined, params);
  };
  const [short, long] = [await connect(nowSeconds() + 5), await connect(nowSeconds() + 600)];
  for (const socket of [short, long]) {
    socket.subscribe('1', 'subscription { endless }');
    await socket.heard({ type: 'next', id: '1' });
  }
  await clock.advance(5 * second - 1);
  await short.settled();
  expect(short.isOver()).toBe(false);
  for (let waited = 0; waited < 10; waited += 1) {
    await clock.advance(second);
    await long.settled();
  }
  expect(await short.closed).toBe(4403);
  expect(long.isOver()).toBe(false);
  long.terminate();
});

test('a key that its issuer withdraws ends the sockets and streams that it opened, and no others', async () => {
  const [withdrawn, kept] = [createEdwardsKey('1'), createEdwardsKey('2')];
  const { issuer, tokens } = await startWith(withdrawn, kept);
  const authentication = createBearerAuthentication({ apiKeys: null, tokens });
  // A clock of its own: nobody could answer the pings of ten minutes that pass at once.
  const serverClock = createManualClock();
  await using server = await startTestServer({ clock: serverClock, authentication });
  const claims = { ...goodClaims(), exp: nowSeconds() + 7_200 };
  const bearerOf = (key: SigningKey) => ({ authorization: `Bearer ${tokenOf(key, claims)}` });
  const query = 'subscription { endless }';
  const [ending, lasting] = [
    await openSocket(server.url, undefined, bearerOf(withdrawn)),
    await openSocket(server.url, undefined, bearerOf(kept)),
  ];
  lasting.subscribe('1', query);
  await lasting.heard({ type: 'next', id: '1' });
  const stream = await post(server.url, { query }, { accept: 'text/event-stream', ...bearerOf(withdrawn) });
  const cutOff = stream.text().catch(() => 'cut off');
  await until(() => server.subscribers() === 2);
  issuer.keys = [kept.jwk];
  await clock.advance(10 * minute);
  await serverClock.advance(4 * second);
  expect(await ending.closed).toBe(4403);
  expect(await cutOff).toBe('cut off');
  await until(() => server.subscribers() === 1);
  expect(lasting.isOver()).toBe(false);
  lasting.terminate();
});

test('every token that is refused gets the same answer, and one that can not be checked another', async () => {
  const key = createEdwardsKey('1');
  const { issuer, tokens } = await startWith(key);
  const authentication = createBearerAuthentication({ apiKeys: null, tokens });
  await using server = await startTestServer({ authentication });
  const ask = async (authorization: string | null) => {
    const answered = await post(server.url, { query: '{ owner }' }, authorization === null ? {} : { authorization });
    return {
      status: answered.status,
      challenge: answered.headers.get('www-authenticate'),
      body: await answered.json(),
    };
  };
  const bearer = (changes: Claims) => `Bearer ${tokenOf(key, { ...goodClaims(), ...changes })}`;
  issuer.answer = (_request, response) => response.writeHead(500).end();
  expect(await ask(bearer({}))).toMatchObject({
    status: 503,
    body: { errors: [{ extensions: { code: 'SERVICE_UNAVAILABLE' } }] },
  });
  await clock.advance(5 * second);
  issuer.answer = (_request, response) => response.end(JSON.stringify({ keys: issuer.keys }));
  expect(await ask(bearer({}))).toMatchObject({ status: 200, body: { data: { owner: 'alice' } } });

  const refused = await ask(null);
  expect(refused).toMatchObject({ status: 401, challenge: 'Bearer' });
  const others = [
    bearer({ exp: nowSeconds() - 1 }),
    bearer({ aud: 'mail' }),
    bearer({ sub: 7 }),
    'Bearer x',
    'Basic eDp5',
    `Bearer ${tokenOf({ ...key, kid: 'unknown' }, goodClaims())}`,
    `Bearer ${buildToken({ alg: 'none' }, goodClaims(), () => Buffer.alloc(0))}`,
  ];
  for (const authorization of others) expect(await ask(authorization)).toEqual(refused);
});

const unavailable = {
  status: 503,
  extensions: { code: 'SERVICE_UNAVAILABLE', retryAfterSeconds: 5 },
  headers: { 'Retry-After': '5' },
};

async function startWith(...keys: SigningKey[]) {
  const issuer = toClose.use(await startIssuer(...keys));
  return { issuer, tokens: createTokens({ keys: { jwksUrl: issuer.url } }) };
}

function pourOut(response: Parameters<Issuer['answer']>[1]): void {
  response.write(' '.repeat(64 * 1024), (error) => error || pourOut(response));
}

function base64url(text: string): string {
  return Buffer.from(text).toString('base64url');
}
