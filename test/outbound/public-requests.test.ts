import type { LookupFunction } from 'node:net';
import { getCACertificates, setDefaultCACertificates } from 'node:tls';
import { callbackify } from 'node:util';
import { gzipSync } from 'node:zlib';
import { Client, EnvHttpProxyAgent } from 'undici';
import { describe, expect, test, vi } from 'vitest';
import { systemClock, type Clock } from '../../src/kit/clock.ts';
import { OutboundError, type OutboundRequest } from '../../src/domain/outbound.ts';
import { isPublicAddress } from '../../src/domain/request/public-host.ts';
import type { Lookup } from '../../src/outbound/lookup.ts';
import { createPublicRequests } from '../../src/outbound/public-requests.ts';
import { createManualClock } from '../support/manual-clock.ts';
import { cert, key } from '../upstream/certificate.ts';
import { answerWith, findClosedPort } from '../upstream/vendor-server.ts';
import { useServers } from './start-server.ts';

const startServer = useServers();

/** Global unicast, but not assigned: a connection to it reaches nothing. */
const publicAddress = '3ffe::1';

const unasked: Lookup = () => Promise.reject(new Error('No name should have been looked up.'));

function requestsTo(
  exemptOrigins: string[],
  { lookup = unasked, clock = systemClock }: { lookup?: Lookup; clock?: Clock } = {},
) {
  const requests = createPublicRequests({ exemptOrigins, clock, lookup });
  return (url: string, options: Partial<OutboundRequest> = {}) =>
    requests.send({
      url,
      method: 'GET',
      headersTimeoutMs: 10_000,
      stallTimeoutMs: 10_000,
      timeoutMs: 60_000,
      ...options,
    });
}

async function failureOf(work: Promise<unknown>): Promise<OutboundError> {
  const outcome = await work.then(
    () => 'no failure',
    (error: unknown) => error,
  );
  if (!(outcome instanceof OutboundError)) throw new Error('expected an OutboundError', { cause: outcome });
  return outcome;
}

async function read(body: AsyncIterable<Uint8Array>): Promise<Buffer> {
  return Buffer.concat(await Array.fromAsync(body));
}

/** What a client does that trusts the DNS. */
function trustingLookup(lookup: Lookup): LookupFunction {
  const find = callbackify(async (hostname: string) => {
    const addresses = await lookup(hostname);
    return addresses.map((address) => ({ address, family: address.includes(':') ? 6 : 4 }));
  });
  return (hostname, _options, callback) => find(hostname, callback);
}

describe('a request', () => {
  test('goes to an exempt origin as it was given, and brings back status, headers and body', async () => {
    const server = await startServer(answerWith('pong', { status: '418 Teapot', headers: 'x-a: 1\r\nx-a: 2\r\n' }));
    const answer = await requestsTo([server.origin])(`${server.origin}/a%2Fb?c=d#e`, {
      method: 'POST',
      headers: { 'x-b': '3' },
      body: 'ping',
    });
    expect(answer.status).toBe(418);
    expect(answer.headers.get('X-A')).toBe('1, 2');
    expect((await read(answer.body)).toString()).toBe('pong');
    expect(server.requests).toMatchObject([{ body: 'ping' }]);
    expect(server.requests[0]?.head).toMatch(/^POST \/a%2Fb\?c=d HTTP\/1\.1\r\n/);
    expect(server.requests[0]?.headers.get('x-b')).toBe('3');
  });

  test('follows no redirect by itself', async () => {
    const server = await startServer(answerWith('', { status: '302 Found', headers: 'location: /elsewhere\r\n' }));
    using answer = await requestsTo([server.origin])(`${server.origin}/`);
    expect(answer.status).toBe(302);
    expect(answer.headers.get('location')).toBe('/elsewhere');
    expect(server.requests).toHaveLength(1);
  });

  test('leaves the body as it came, compressed or not', async () => {
    const compressed = gzipSync(Buffer.alloc(10_000_000));
    const server = await startServer((socket) => {
      socket.write(`HTTP/1.1 200 OK\r\ncontent-encoding: gzip\r\ncontent-length: ${compressed.length}\r\n\r\n`);
      socket.write(compressed);
    });
    const answer = await requestsTo([server.origin])(`${server.origin}/`);
    expect((await read(answer.body)).equals(compressed)).toBe(true);
  });

  test('closes its connection after the body, and when the answer is disposed of', async () => {
    const server = await startServer((socket, request) => {
      socket.write('HTTP/1.1 200 OK\r\ncontent-length: 10\r\n\r\n');
      socket.write(request.head.startsWith('GET /whole') ? '0123456789' : '01234');
    });
    const send = requestsTo([server.origin]);
    await read((await send(`${server.origin}/whole`)).body);
    await vi.waitUntil(() => server.sockets.size === 0);
    {
      using answer = await send(`${server.origin}/half`);
      expect(answer.status).toBe(200);
      expect(server.sockets.size).toBe(1);
    }
    await vi.waitUntil(() => server.sockets.size === 0);
  });

  test('uses no proxy that the environment names, which other clients would', async () => {
    const server = await startServer(answerWith('straight'));
    const proxy = await startServer(answerWith('through the proxy'));
    for (const name of ['http_proxy', 'HTTP_PROXY', 'https_proxy', 'HTTPS_PROXY']) vi.stubEnv(name, proxy.origin);
    vi.stubEnv('NODE_USE_ENV_PROXY', '1');
    try {
      const answer = await requestsTo([server.origin])(`${server.origin}/`);
      expect((await read(answer.body)).toString()).toBe('straight');
      expect(proxy.connections).toBe(0);

      const agent = new EnvHttpProxyAgent();
      await agent.request({ origin: server.origin, path: '/', method: 'GET' }).catch(() => undefined);
      await agent.destroy();
      expect(proxy.connections).toBe(1);
    } finally {
      vi.unstubAllEnvs();
    }
  });
});

describe('an address that is not public', () => {
  test.each([
    ['http', 'http://files.example.com/'],
    ['another scheme', 'ftp://files.example.com/'],
    ['no URL', 'files.example.com'],
    ['credentials', 'https://me:pw@files.example.com/'],
    ['loopback', 'https://127.0.0.1:PORT/'],
    ['loopback in decimal', 'https://2130706433:PORT/'],
    ['loopback in hexadecimal', 'https://0x7f.1:PORT/'],
    ['this host', 'https://0.0.0.0:PORT/'],
    ['a private network', 'https://10.0.0.1/'],
    ['a metadata server', 'https://169.254.169.254/latest/meta-data/'],
    ['a metadata server within IPv6', 'https://[::ffff:168.63.129.16]/'],
    ['IPv6 loopback', 'https://[::1]:PORT/'],
    ['loopback mapped into IPv6', 'https://[::ffff:127.0.0.1]:PORT/'],
    ['localhost', 'https://localhost:PORT/'],
    ['the exempt host over https', 'https://127.0.0.1:EXEMPT/'],
    ['the exempt host at another port', 'http://127.0.0.1:PORT/'],
  ])('is refused when it stands in the URL: %s', async (_what, url) => {
    const server = await startServer(answerWith('secret'));
    const exempt = await startServer(answerWith('exempt'));
    const send = requestsTo([exempt.origin]);
    const failure = await failureOf(
      send(url.replace('PORT', String(server.port)).replace('EXEMPT', String(exempt.port))),
    );
    expect(failure).toMatchObject({ kind: 'refused-address', retryable: false });
    expect(server.connections + exempt.connections).toBe(0);

    // The control: the exempt origin itself is reached.
    expect((await read((await send(`${exempt.origin}/`)).body)).toString()).toBe('exempt');
  });

  test.each([
    [['127.0.0.1']],
    [['10.0.0.1']],
    [['172.16.3.4']],
    [['192.168.1.1']],
    [['169.254.169.254']],
    [['168.63.129.16']],
    [['100.64.0.1']],
    [['0.0.0.0']],
    [['::1']],
    [['::']],
    [['::ffff:127.0.0.1']],
    [['::ffff:a83f:8110']],
    [['64:ff9b::7f00:1']],
    [['fd00:ec2::254']],
    [['fe80::1']],
    [['fe80::1%eth0']],
    [['localhost']],
    [[publicAddress, '127.0.0.1']],
    [['127.0.0.1', publicAddress]],
  ])('is refused when a name resolves to %j, before any connection', async (addresses) => {
    const lookup = vi.fn<Lookup>(() => Promise.resolve(addresses));
    const failure = await failureOf(requestsTo([], { lookup })('https://files.example.com/'));
    expect(failure).toMatchObject({ kind: 'refused-address', retryable: false });
    expect(failure.message).not.toContain(addresses[0]);
    expect(lookup.mock.calls).toEqual([['files.example.com']]);
  });

  test('is not reached through a name, as it would be by a client that trusts the DNS', async () => {
    const server = await startServer(answerWith('secret'), { tls: { key, cert } });
    const lookup: Lookup = () => Promise.resolve(['127.0.0.1']);
    const origin = `https://files.example.com:${server.port}`;
    expect((await failureOf(requestsTo([], { lookup })(`${origin}/`))).kind).toBe('refused-address');
    expect(server.connections).toBe(0);

    const trusting = new Client(origin, { connect: { rejectUnauthorized: false, lookup: trustingLookup(lookup) } });
    await trusting.request({ path: '/', method: 'GET' }).finally(() => trusting.destroy());
    expect(server.connections).toBe(1);
  });

  test('is not reached by a name that changes between two lookups', async () => {
    const server = await startServer(answerWith('secret'), { tls: { key, cert } });
    const origin = `https://files.example.com:${server.port}`;
    const createLookup = () =>
      vi.fn<Lookup>(unasked).mockResolvedValueOnce([publicAddress]).mockResolvedValue(['127.0.0.1']);
    const clock = createManualClock();

    const lookup = createLookup();
    const send = requestsTo([], { lookup, clock });
    const first = failureOf(send(`${origin}/`));
    await vi.waitUntil(() => lookup.mock.calls.length === 1);
    await clock.advance(5000);
    // It was tried: where the public address leads.
    expect((await first).kind).toMatch(/^(not-connected|timed-out)$/);
    expect(lookup).toHaveBeenCalledOnce();
    expect((await failureOf(send(`${origin}/`))).kind).toBe('refused-address');
    expect(server.connections).toBe(0);

    // The control: to check first and to connect then.
    const second = createLookup();
    expect((await second('files.example.com')).every(isPublicAddress)).toBe(true);
    const trusting = new Client(origin, { connect: { rejectUnauthorized: false, lookup: trustingLookup(second) } });
    await trusting.request({ path: '/', method: 'GET' }).finally(() => trusting.destroy());
    expect(server.connections).toBe(1);
  });
});

describe('a connection that is not made', () => {
  test('because nobody listens', async () => {
    const origin = `http://127.0.0.1:${await findClosedPort()}`;
    const failure = await failureOf(requestsTo([origin])(`${origin}/`));
    expect(failure).toMatchObject({
      kind: 'not-connected',
      retryable: true,
      message: 'The connection was refused.',
    });
  });

  test.each([
    ['is unknown', () => Promise.reject(Object.assign(new Error('queryA'), { code: 'ENOTFOUND' }))],
    ['has no address', () => Promise.resolve([])],
  ])('because the name %s', async (_what, lookup) => {
    const failure = await failureOf(requestsTo([], { lookup })('https://files.example.com/'));
    expect(failure).toMatchObject({ kind: 'not-connected', retryable: true });
    expect(failure.message).toContain('host name');
  });

  test('because nobody vouches for the certificate', async () => {
    const server = await startServer(answerWith('hello'), { tls: { key, cert } });
    const send = requestsTo([server.origin]);
    const failure = await failureOf(send(`${server.origin}/`));
    expect(failure).toMatchObject({ kind: 'not-connected', message: expect.stringContaining('certificate') });
    expect(server.requests).toHaveLength(0);

    const before = getCACertificates('default');
    setDefaultCACertificates([...before, cert]);
    try {
      expect((await read((await send(`${server.origin}/`)).body)).toString()).toBe('hello');
    } finally {
      setDefaultCACertificates(before);
    }
  });
});

describe('an answer that goes wrong', () => {
  test.each([
    ['breaks off before its head', 'broken-off', ''],
    ['breaks off within its head', 'broken-off', 'HTTP/1.1 200 OK\r\nx-a: '],
    ['is no HTTP', 'bad-answer', 'SSH-2.0-OpenSSH_9.2\r\n'],
    ['has two lengths', 'broken-off', 'HTTP/1.1 200 OK\r\ncontent-length: 1\r\ncontent-length: 2\r\n\r\nab'],
    ['has a huge head', 'bad-answer', `HTTP/1.1 200 OK\r\nx-a: ${'a'.repeat(20_000)}\r\n\r\n`],
    ['has a million headers', 'bad-answer', `HTTP/1.1 200 OK\r\n${'a: b\r\n'.repeat(1_000_000)}\r\n`],
  ])('%s: %s', async (_what, kind, bytes) => {
    const server = await startServer((socket) => socket.end(bytes));
    expect((await failureOf(requestsTo([server.origin])(`${server.origin}/`))).kind).toBe(kind);
    await vi.waitUntil(() => server.sockets.size === 0);
  });

  test('but a large head is taken', async () => {
    const server = await startServer(answerWith('x', { headers: `x-a: ${'a'.repeat(10_000)}\r\n` }));
    expect((await requestsTo([server.origin])(`${server.origin}/`)).headers.get('x-a')).toHaveLength(10_000);
  });

  test.each([
    ['a length', 'content-length: 10\r\n\r\n01234'],
    ['chunks', 'transfer-encoding: chunked\r\n\r\n5\r\n01234\r\n'],
  ])('breaks off within a body that has %s', async (_what, rest) => {
    const server = await startServer((socket) => socket.end(`HTTP/1.1 200 OK\r\n${rest}`));
    const answer = await requestsTo([server.origin])(`${server.origin}/`);
    expect(await failureOf(read(answer.body))).toMatchObject({ kind: 'broken-off', retryable: true });
  });
});

describe('the time', () => {
  test.each([
    { what: 'a connection', limitMs: 5000, scheme: 'https', respond: '' },
    { what: 'the head of an answer', limitMs: 700, scheme: 'http', respond: '' },
    { what: 'the next piece', limitMs: 300, scheme: 'http', respond: 'HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\n01' },
  ])('for $what is limited', async ({ limitMs, scheme, respond }) => {
    const server = await startServer((socket) => socket.write(respond), {
      ...(scheme === 'https' && { onConnection: (socket) => socket.resume() }),
    });
    const origin = `${scheme}://127.0.0.1:${server.port}`;
    const clock = createManualClock();
    const sending = requestsTo([origin], { clock })(`${origin}/`, { headersTimeoutMs: 700, stallTimeoutMs: 300 });
    let isOver = false;
    const failing = failureOf(sending.then(({ body }) => read(body))).finally(() => (isOver = true));
    await vi.waitUntil(() => server.connections === 1);
    if (scheme === 'http') await vi.waitUntil(() => server.requests.length === 1);
    if (respond !== '') await sending;
    // What came is taken in before the time begins to pass.
    await new Promise((resolve) => setTimeout(resolve, 20));
    await clock.advance(limitMs - 1);
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(isOver).toBe(false);
    await clock.advance(1);
    expect(await failing).toMatchObject({ kind: 'timed-out', retryable: true });
    await vi.waitUntil(() => server.sockets.size === 0);
    expect(clock.sleepers()).toBe(0);
  });

  test('for a name to be looked up is limited', async () => {
    const clock = createManualClock();
    const lookup = vi.fn<Lookup>(() => new Promise(() => undefined));
    const failing = failureOf(requestsTo([], { clock, lookup })('https://files.example.com/'));
    await vi.waitUntil(() => lookup.mock.calls.length === 1);
    await clock.advance(5000);
    expect(await failing).toMatchObject({ kind: 'timed-out', message: 'No connection stood within 5 seconds.' });
  });

  test('for the whole is limited, however steadily it drips', async () => {
    const clock = createManualClock();
    const server = await startServer((socket) => socket.write('HTTP/1.1 200 OK\r\ncontent-length: 1000000\r\n\r\n'));
    const answer = await requestsTo([server.origin], { clock })(`${server.origin}/`, {
      stallTimeoutMs: 1000,
      timeoutMs: 3_600_000,
    });
    const pieces = answer.body[Symbol.asyncIterator]();
    const [socket] = server.sockets;
    for (let drips = 0; drips < 4000; drips += 1) {
      const dripping = pieces.next().then(
        () => null,
        (caught: unknown) => caught,
      );
      await clock.advance(900);
      socket?.write('x');
      const error = await dripping;
      if (error === null) continue;
      expect(error).toMatchObject({ kind: 'timed-out', message: 'It was not finished within 60 minutes.' });
      // The control: until then each drip was taken in time.
      expect(drips).toBe(3_600_000 / 900 - 1);
      return;
    }
    throw new Error('it dripped on');
  });

  test('that a reader takes for itself is no stall, and meanwhile the sender waits', async () => {
    const clock = createManualClock();
    let sent = 0;
    const server = await startServer((socket) => {
      socket.write('HTTP/1.1 200 OK\r\ncontent-length: 100000000\r\n\r\n');
      const pump = () => {
        while (sent < 100_000_000) {
          sent += 100_000;
          if (!socket.write(Buffer.alloc(100_000))) return;
        }
      };
      socket.on('drain', pump);
      pump();
    });
    const send = requestsTo([server.origin], { clock });
    const answer = await send(`${server.origin}/`, { stallTimeoutMs: 1000, timeoutMs: 100_000 });
    const pieces = answer.body[Symbol.asyncIterator]();
    let received = (await pieces.next()).value?.length ?? 0;
    await clock.advance(50_000);
    let before = -1;
    await vi.waitUntil(() => before === (before = sent), { interval: 40 });
    expect(sent).toBeLessThan(20_000_000);
    for (let piece = await pieces.next(); !piece.done; piece = await pieces.next()) received += piece.value.length;
    expect(received).toBe(100_000_000);
  });

  test('ends an answer that nobody reads', async () => {
    const clock = createManualClock();
    const server = await startServer((socket) => socket.write('HTTP/1.1 200 OK\r\ncontent-length: 10\r\n\r\n01234'));
    const answer = await requestsTo([server.origin], { clock })(`${server.origin}/`);
    await clock.advance(59_999);
    expect(server.sockets.size).toBe(1);
    await clock.advance(1);
    await vi.waitUntil(() => server.sockets.size === 0);
    expect((await failureOf(read(answer.body))).kind).toBe('timed-out');
  });
});

describe('the caller gives up', () => {
  test('before it began: nothing is sent', async () => {
    const server = await startServer(answerWith('x'));
    const sending = requestsTo([server.origin])(`${server.origin}/`, { signal: AbortSignal.abort() });
    expect((await failureOf(sending)).kind).toBe('aborted');
    expect(server.connections).toBe(0);
  });

  test('while the other side is silent, and within the body: the connection is closed', async () => {
    const server = await startServer((socket, { head }) => {
      if (head.startsWith('GET /body')) socket.write('HTTP/1.1 200 OK\r\ncontent-length: 10\r\n\r\n01234');
    });
    for (const path of ['/silent', '/body']) {
      const giveUp = new AbortController();
      const sending = requestsTo([server.origin])(`${server.origin}${path}`, { signal: giveUp.signal });
      const failing = failureOf(sending.then(({ body }) => read(body)));
      await vi.waitUntil(() => server.requests.at(-1)?.head.startsWith(`GET ${path}`) ?? false);
      if (path === '/body') await sending;
      giveUp.abort(new Error('shutting down'));
      expect((await failing).kind).toBe('aborted');
      await vi.waitUntil(() => server.sockets.size === 0);
    }
  });

  test('while the connection is being made: it is closed', async () => {
    const server = await startServer(() => undefined, { onConnection: (socket) => socket.resume() });
    const origin = `https://127.0.0.1:${server.port}`;
    const giveUp = new AbortController();
    const failing = failureOf(requestsTo([origin])(`${origin}/`, { signal: giveUp.signal }));
    await vi.waitUntil(() => server.sockets.size === 1);
    giveUp.abort();
    expect((await failing).kind).toBe('aborted');
    await vi.waitUntil(() => server.sockets.size === 0);
  });
});
