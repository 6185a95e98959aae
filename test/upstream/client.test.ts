import { setImmediate } from 'node:timers/promises';
import { getCACertificates, setDefaultCACertificates, TLSSocket } from 'node:tls';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { systemClock } from '../../src/kit/clock.ts';
import { UpstreamCallError } from '../../src/domain/upstream.ts';
import { createClient, type CallOptions, type Client } from '../../src/upstream/client.ts';
import { createTc3Signer } from '../../src/upstream/tc3-signature.ts';
import { cert, key } from './certificate.ts';
import { answerWith, findClosedPort, startVendorServer, type Respond, type VendorServer } from './vendor-server.ts';

const credentials = { secretId: 'gateway-secret-id', secretKey: 'gateway-secret-key' };
const requestId = 'b9a5a8f2-0000-4c5e-8d8e-f7a3f2c1d0e9';
const accepted = { Response: { TaskId: '4-AigcImage-1', RequestId: requestId } };
const create: CallOptions = { timeoutMs: 10_000, freshConnection: true };
const describing: CallOptions = { ...create, freshConnection: false };
const timeoutMs = 40;

let toClose: AsyncDisposableStack;
beforeEach(() => {
  toClose = new AsyncDisposableStack();
});
afterEach(() => toClose.disposeAsync());

async function startServer(...args: Parameters<typeof startVendorServer>): Promise<VendorServer> {
  return toClose.use(await startVendorServer(...args));
}

function clientOf(endpoint: string, more: Partial<Parameters<typeof createClient>[0]> = {}): Client {
  return toClose.use(createClient({ endpoint, credentials, region: null, clock: systemClock, ...more }));
}

async function failureOf(call: Promise<unknown>): Promise<UpstreamCallError> {
  const error: unknown = await call.then(
    () => new Error('The call succeeded.'),
    (reason: unknown) => reason,
  );
  if (error instanceof UpstreamCallError) return error;
  throw error;
}

describe('a call', () => {
  test('is one signed POST to /', async () => {
    const server = await startServer(answerWith(accepted));
    const clock = { ...systemClock, now: () => Date.UTC(2026, 0, 31, 23, 59, 59, 999) };
    const client = clientOf(`http://127.0.0.1:${server.port}/ignored?too=1`, {
      clock,
      region: 'ap-singapore',
      credentials: { ...credentials, token: 'session-token' },
    });

    const answer = await client.call('CreateAigcImageTask', { Prompt: '小猫' }, create);

    expect(answer).toMatchObject({ response: { TaskId: '4-AigcImage-1' }, requestId });
    const [request] = server.requests;
    const timestamp = Date.UTC(2026, 0, 31, 23, 59, 59) / 1000;
    expect(server.requests).toHaveLength(1);
    expect(request?.head).toMatch(/^POST \/ HTTP\/1\.1\r\n/);
    expect(request?.body).toBe('{"Prompt":"小猫"}');
    expect(Object.fromEntries(request?.headers ?? [])).toMatchObject({
      host: `127.0.0.1:${server.port}`,
      'content-type': 'application/json',
      'x-tc-action': 'CreateAigcImageTask',
      'x-tc-version': '2019-06-12',
      'x-tc-timestamp': String(timestamp),
      'x-tc-region': 'ap-singapore',
      'x-tc-token': 'session-token',
      authorization: createTc3Signer(credentials)({
        hostname: '127.0.0.1',
        contentType: 'application/json',
        body: '{"Prompt":"小猫"}',
        timestamp,
      }),
    });
  });

  test('says neither region nor token where there is none', async () => {
    const server = await startServer(answerWith(accepted));
    await clientOf(`http://127.0.0.1:${server.port}`).call('CreateAigcImageTask', {}, create);
    expect([...(server.requests[0]?.headers.keys() ?? [])]).not.toContain('x-tc-region');
    expect([...(server.requests[0]?.headers.keys() ?? [])]).not.toContain('x-tc-token');
  });

  test('goes straight to the upstream, whatever proxy the environment names', async () => {
    const server = await startServer(answerWith(accepted));
    vi.stubEnv('http_proxy', `http://127.0.0.1:${await findClosedPort()}`);
    try {
      await clientOf(`http://127.0.0.1:${server.port}`).call('CreateAigcImageTask', {}, create);
    } finally {
      vi.unstubAllEnvs();
    }
    expect(server.requests).toHaveLength(1);
  });

  test('under way is waited for when the client is disposed', async () => {
    const server = await startServer((socket, request) => {
      setTimeout(() => answerWith(accepted)(socket, request), 20);
    });
    const client = createClient({
      endpoint: `http://127.0.0.1:${server.port}`,
      credentials,
      region: null,
      clock: systemClock,
    });
    const call = client.call('CreateAigcImageTask', {}, create);
    await client[Symbol.asyncDispose]();
    expect(await call).toMatchObject({ requestId });
    await vi.waitUntil(() => server.sockets.size === 0);
  });
});

describe('nothing was sent, and the error says so', () => {
  test('when the port refuses', async () => {
    const client = clientOf(`http://127.0.0.1:${await findClosedPort()}`);
    expect(await failureOf(client.call('CreateAigcImageTask', {}, create))).toMatchObject({
      phase: 'not-connected',
      code: 'ECONNREFUSED',
      message: 'CreateAigcImageTask was not sent: no connection (ECONNREFUSED).',
      requestId: null,
    });
  });

  test('when the host has no address', async () => {
    const client = clientOf('http://upstream.invalid');
    const error = await failureOf(client.call('CreateAigcImageTask', {}, create));
    expect(error.phase).toBe('not-connected');
    expect(['ENOTFOUND', 'EAI_AGAIN']).toContain(error.code);
  });

  test('when the other side speaks no TLS', async () => {
    const server = await startServer(answerWith(accepted), {
      onConnection: (socket) => socket.on('data', () => socket.end('HTTP/1.1 400 Bad Request\r\n\r\n')),
    });
    const client = clientOf(`https://127.0.0.1:${server.port}`);
    expect(await failureOf(client.call('CreateAigcImageTask', {}, create))).toMatchObject({ phase: 'not-connected' });
  });

  test.each([
    ['closes', (server: VendorServer) => server.sockets.forEach((socket) => socket.end())],
    ['resets', (server: VendorServer) => server.sockets.forEach((socket) => socket.resetAndDestroy())],
  ])('when the other side %s in the TLS handshake', async (_what, end) => {
    const server = await startServer(answerWith(accepted), {
      onConnection: (socket) => socket.once('data', () => end(server)),
    });
    const client = clientOf(`https://127.0.0.1:${server.port}`);
    expect(await failureOf(client.call('CreateAigcImageTask', {}, create))).toMatchObject({
      phase: 'not-connected',
      code: 'ECONNRESET',
    });
  });

  test('when the certificate is not to be trusted', async () => {
    const server = await startServer(answerWith(accepted), { tls: { key, cert } });
    const client = clientOf(`https://127.0.0.1:${server.port}`);
    expect(await failureOf(client.call('CreateAigcImageTask', {}, create))).toMatchObject({
      phase: 'not-connected',
      code: 'DEPTH_ZERO_SELF_SIGNED_CERT',
    });
    expect(server.requests).toHaveLength(0);
  });

  test('when the handshake takes longer than the call may, and nothing is sent afterwards', async () => {
    const server = await startServer(answerWith(accepted), { onConnection: (socket) => socket.resume() });
    const client = clientOf(`https://127.0.0.1:${server.port}`);
    const error = await failureOf(client.call('CreateAigcImageTask', {}, { ...create, timeoutMs }));
    expect(error).toMatchObject({ phase: 'not-connected', code: 'TIMED_OUT' });
  });

  test('when it was aborted before', async () => {
    const server = await startServer(answerWith(accepted));
    const client = clientOf(`http://127.0.0.1:${server.port}`);
    const error = await failureOf(client.call('CreateAigcImageTask', {}, { ...create, signal: AbortSignal.abort() }));
    expect(error).toMatchObject({ phase: 'not-connected', code: 'ABORTED' });
    expect(server.connections).toBe(0);
  });

  test('when it is aborted while connecting, and nothing is sent once the connection stands', async () => {
    const server = await startServer(answerWith(accepted));
    const client = clientOf(`http://127.0.0.1:${server.port}`);
    const abort = new AbortController();
    const call = client.call('CreateAigcImageTask', {}, { ...create, signal: abort.signal });
    abort.abort(); // in the turn in which connecting began
    expect(await failureOf(call)).toMatchObject({ phase: 'not-connected', code: 'ABORTED' });
    await vi.waitUntil(() => server.connections === 1 && server.sockets.size === 0);
    expect(server.requests).toHaveLength(0);
  });

  test('when the client is disposed already', async () => {
    const server = await startServer(answerWith(accepted));
    const client = clientOf(`http://127.0.0.1:${server.port}`);
    await client[Symbol.asyncDispose]();
    expect(await failureOf(client.call('CreateAigcImageTask', {}, create))).toMatchObject({ phase: 'not-connected' });
  });

  test('and disposing ends a connection that is still being established', async () => {
    const server = await startServer(answerWith(accepted), { onConnection: (socket) => socket.resume() });
    const client = clientOf(`https://127.0.0.1:${server.port}`);
    await failureOf(client.call('CreateAigcImageTask', {}, { ...create, timeoutMs }));
    expect(server.sockets.size).toBe(1);
    await client[Symbol.asyncDispose]();
    await vi.waitUntil(() => server.sockets.size === 0);
  });
});

describe('it may have arrived, and the error says so', () => {
  const partialAnswer = 'HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\n{"Response"';

  test.each<[string, string, Parameters<typeof startVendorServer>[0]]>([
    ['resets once it has the request', 'ECONNRESET', (socket) => socket.resetAndDestroy()],
    ['closes once it has the request', 'UND_ERR_SOCKET', (socket) => socket.end()],
    [
      'resets within its headers',
      'ECONNRESET',
      (socket) => socket.write('HTTP/1.1 200', () => socket.resetAndDestroy()),
    ],
    ['resets within its body', 'ECONNRESET', (socket) => socket.write(partialAnswer, () => socket.resetAndDestroy())],
    ['closes within its body', 'UND_ERR_SOCKET', (socket) => socket.end(partialAnswer)],
    ['speaks no HTTP', 'HTTPParserError', (socket) => socket.end('SSH-2.0-OpenSSH_9.2\r\n')],
  ])('when the other side %s', async (_what, code, respond) => {
    const server = await startServer(respond);
    const client = clientOf(`http://127.0.0.1:${server.port}`);
    expect(await failureOf(client.call('CreateAigcImageTask', {}, create))).toMatchObject({
      phase: 'no-answer',
      code,
      message: `CreateAigcImageTask was sent, but no answer came (${code}).`,
    });
    expect(server.requests).toHaveLength(1);
    expect(server.connections).toBe(1);
  });

  test.each([
    ['says nothing', ''],
    ['stops within its body', partialAnswer],
  ])('when the other side %s until the time is up', async (_what, text) => {
    const server = await startServer((socket) => socket.write(text));
    const client = clientOf(`http://127.0.0.1:${server.port}`);
    const error = await failureOf(client.call('CreateAigcImageTask', {}, { ...create, timeoutMs }));
    expect(error).toMatchObject({ phase: 'no-answer', code: 'TIMED_OUT' });
    await vi.waitUntil(() => server.sockets.size === 0);
    expect(server.requests).toHaveLength(1);
  });

  test('when it is aborted after it was sent', async () => {
    const abort = new AbortController();
    const server = await startServer(() => abort.abort());
    const client = clientOf(`http://127.0.0.1:${server.port}`);
    const error = await failureOf(client.call('CreateAigcImageTask', {}, { ...create, signal: abort.signal }));
    expect(error).toMatchObject({ phase: 'no-answer', code: 'ABORTED' });
  });

  test('when it was too large to be read as a whole before the reset', async () => {
    const server = await startServer(answerWith(accepted), {
      onConnection: (socket) => socket.once('data', () => socket.resetAndDestroy()),
    });
    const client = clientOf(`http://127.0.0.1:${server.port}`);
    const body = { Prompt: 'x'.repeat(20_000_000) };
    expect(await failureOf(client.call('CreateAigcImageTask', body, create))).toMatchObject({ phase: 'no-answer' });
    expect(server.connections).toBe(1);
  });

  test('over TLS as well, and over HTTP/1.1 even where HTTP/2 is offered', async () => {
    const usual = getCACertificates('default');
    setDefaultCACertificates([...usual, cert]);
    try {
      let protocol: unknown;
      const respond: Respond = (socket) => {
        if (socket instanceof TLSSocket) protocol = socket.alpnProtocol;
        socket.destroy();
      };
      const server = await startServer(respond, { tls: { key, cert, ALPNProtocols: ['h2', 'http/1.1'] } });
      const client = clientOf(`https://localhost:${server.port}`);
      expect(await failureOf(client.call('CreateAigcImageTask', {}, create))).toMatchObject({ phase: 'no-answer' });
      expect(server.requests).toHaveLength(1);
      expect(protocol).toBe('http/1.1');
    } finally {
      setDefaultCACertificates(usual);
    }
  });
});

describe('an answer that is none', () => {
  const vendorError = { Response: { Error: { Code: 'InternalError', Message: 'oops' }, RequestId: requestId } };

  test.each([
    ['HTTP 500 with an error of the vendor', 'HTTP_500', '500 Internal Server Error', vendorError, requestId],
    ['HTTP 502 with HTML', 'HTTP_502', '502 Bad Gateway', '<html>Bad Gateway</html>', null],
    ['HTTP 504 without a body', 'HTTP_504', '504 Gateway Timeout', '', null],
    ['HTTP 201', 'HTTP_201', '201 Created', accepted, requestId],
    ['HTML', 'INVALID_BODY', '200 OK', '<html>Welcome to the hotel</html>', null],
    ['an empty body', 'INVALID_BODY', '200 OK', '', null],
    ['JSON that was cut short', 'INVALID_BODY', '200 OK', '{"Response":{"TaskId":"4-Aig', null],
    ['JSON without Response', 'INVALID_BODY', '200 OK', { TaskId: '4-AigcImage-1' }, null],
    ['Response: null', 'INVALID_BODY', '200 OK', { Response: null }, null],
    ['an array', 'INVALID_BODY', '200 OK', [accepted], null],
    ['an error without a code', 'INVALID_BODY', '200 OK', { Response: { Error: {}, RequestId: requestId } }, requestId],
  ])('%s: it may have been carried out', async (_what, code, status, body, knownRequestId) => {
    const server = await startServer(answerWith(body, { status }));
    const client = clientOf(`http://127.0.0.1:${server.port}`);
    expect(await failureOf(client.call('CreateAigcImageTask', {}, create))).toMatchObject({
      phase: 'no-answer',
      code,
      requestId: knownRequestId,
    });
    expect(server.requests).toHaveLength(1);
  });

  test("the vendor's error in it is kept in the message", async () => {
    const server = await startServer(answerWith(vendorError, { status: '500 Internal Server Error' }));
    const error = await failureOf(clientOf(`http://127.0.0.1:${server.port}`).call('CreateAigcImageTask', {}, create));
    expect(error.message).toBe('CreateAigcImageTask was answered with HTTP 500: InternalError: oops');
  });

  test.each(['301 Moved Permanently', '302 Found', '307 Temporary Redirect', '308 Permanent Redirect'])(
    '%s: is not followed',
    async (status) => {
      const server = await startServer(answerWith('', { status, headers: 'location: /elsewhere\r\n' }));
      const client = clientOf(`http://127.0.0.1:${server.port}`);
      expect(await failureOf(client.call('CreateAigcImageTask', {}, create))).toMatchObject({
        phase: 'no-answer',
        code: `HTTP_${status.slice(0, 3)}`,
      });
      expect(server.requests).toHaveLength(1);
    },
  );

  test('a body of more than 1 MiB is not read to its end', async () => {
    let written = 0;
    const server = await startServer((socket) => {
      const chunk = Buffer.alloc(64 * 1024, ' ');
      const pour = (): void => {
        while (!socket.destroyed && socket.write(chunk)) written += chunk.length;
      };
      socket.write('HTTP/1.1 200 OK\r\n\r\n');
      socket.on('drain', pour);
      pour();
    });
    const client = clientOf(`http://127.0.0.1:${server.port}`);
    expect(await failureOf(client.call('CreateAigcImageTask', {}, create))).toMatchObject({
      phase: 'no-answer',
      code: 'BODY_TOO_LARGE',
    });
    await vi.waitUntil(() => server.sockets.size === 0);
    expect(written).toBeLessThan(32 * 1024 * 1024); // what the sockets' buffers hold, not what was there to be sent
  });

  test('a body just below the limit is read', async () => {
    const body = { Response: { ...accepted.Response, Padding: ' '.repeat(1024 * 1024 - 200) } };
    const server = await startServer(answerWith(body));
    const client = clientOf(`http://127.0.0.1:${server.port}`);
    expect(await client.call('CreateAigcImageTask', {}, create)).toMatchObject({ requestId });
  });
});

describe('an error of the vendor', () => {
  test('is a refusal with its code and request id', async () => {
    const error = { Code: 'InvalidParameterValue.Prompt', Message: 'The prompt is too long.' };
    const server = await startServer(answerWith({ Response: { Error: error, RequestId: requestId } }));
    const client = clientOf(`http://127.0.0.1:${server.port}`);
    expect(await failureOf(client.call('CreateAigcImageTask', {}, create))).toMatchObject({
      phase: 'refused',
      code: 'InvalidParameterValue.Prompt',
      message: 'The prompt is too long.',
      requestId,
    });
  });

  test('comes without secrets', async () => {
    const server = await startServer((socket, request) => {
      const Message = `Bad ${request.headers.get('authorization')} of ${credentials.secretId}\u0000`;
      answerWith({ Response: { Error: { Code: 'AuthFailure', Message } } })(socket, request);
    });
    const error = await failureOf(clientOf(`http://127.0.0.1:${server.port}`).call('CreateAigcImageTask', {}, create));
    expect(error).toMatchObject({ phase: 'refused', message: 'Bad [redacted]', requestId: null });
  });

  test('without a message tells its code', async () => {
    const server = await startServer(answerWith({ Response: { Error: { Code: 'InternalError' } } }));
    const error = await failureOf(clientOf(`http://127.0.0.1:${server.port}`).call('CreateAigcImageTask', {}, create));
    expect(error.message).toBe('InternalError');
  });

  test('that is null is none', async () => {
    const server = await startServer(answerWith({ Response: { ...accepted.Response, Error: null } }));
    const client = clientOf(`http://127.0.0.1:${server.port}`);
    expect(await client.call('CreateAigcImageTask', {}, create)).toMatchObject({ requestId });
  });
});

describe('a connection', () => {
  const idleMs = { fresh: 20, usual: 10_000 };

  test('is used again by a Create that follows soon', async () => {
    const server = await startServer(answerWith(accepted));
    const client = clientOf(`http://127.0.0.1:${server.port}`);
    await client.call('CreateAigcImageTask', {}, create);
    await setImmediate(); // undici gives a connection back in a later turn
    await client.call('CreateAigcImageTask', {}, create);
    expect(server.requests.map(({ connection }) => connection)).toEqual([1, 1]);
  });

  test.each(['', 'connection: keep-alive\r\nkeep-alive: timeout=600\r\n'])(
    'that was idle for too long is not used for a Create, whatever the server offers (%j)',
    async (headers) => {
      const server = await startServer(answerWith(accepted, { headers }));
      const client = clientOf(`http://127.0.0.1:${server.port}`, { idleMs });
      await client.call('CreateAigcImageTask', {}, create);
      await vi.waitUntil(() => server.sockets.size === 0);
      await client.call('CreateAigcImageTask', {}, create);
      expect(server.requests.map(({ connection }) => connection)).toEqual([1, 2]);
    },
  );

  test('that was idle for as long is used again by a Describe', async () => {
    const server = await startServer(answerWith(accepted));
    const client = clientOf(`http://127.0.0.1:${server.port}`, { idleMs });
    await client.call('DescribeAigcImageTask', {}, describing);
    await systemClock.sleep(2 * idleMs.fresh);
    await client.call('DescribeAigcImageTask', {}, describing);
    expect(server.requests.map(({ connection }) => connection)).toEqual([1, 1]);
  });

  test('of a Describe is never used for a Create', async () => {
    const server = await startServer(answerWith(accepted));
    const client = clientOf(`http://127.0.0.1:${server.port}`);
    await client.call('DescribeAigcImageTask', {}, describing);
    await client.call('CreateAigcImageTask', {}, create);
    expect(server.requests.map(({ connection }) => connection)).toEqual([1, 2]);
  });

  test('carries one call at a time', async () => {
    const server = await startServer((_socket, request) => {
      if (server.requests.length === 3) for (const each of server.sockets) answerWith(accepted)(each, request);
    });
    const client = clientOf(`http://127.0.0.1:${server.port}`);
    await Promise.all([1, 2, 3].map(() => client.call('CreateAigcImageTask', {}, create)));
    expect(server.connections).toBe(3);
  });

  test('that the server closed in the meantime is replaced, and the call succeeds', async () => {
    const server = await startServer(answerWith(accepted));
    const client = clientOf(`http://127.0.0.1:${server.port}`);
    await client.call('CreateAigcImageTask', {}, create);
    for (const socket of server.sockets) socket.end();
    await vi.waitUntil(() => server.sockets.size === 0);
    await client.call('CreateAigcImageTask', {}, create);
    expect(server.requests.map(({ connection }) => connection)).toEqual([1, 2]);
  });

  test('that the server closes under a second call leaves that one in doubt, and it is not repeated', async () => {
    const server = await startServer((socket, request) => {
      if (server.requests.length === 1) answerWith(accepted)(socket, request);
      else socket.resetAndDestroy();
    });
    const client = clientOf(`http://127.0.0.1:${server.port}`);
    await client.call('CreateAigcImageTask', {}, create);
    await setImmediate();
    expect(await failureOf(client.call('CreateAigcImageTask', {}, create))).toMatchObject({
      phase: 'no-answer',
      code: 'ECONNRESET',
    });
    expect(server.requests).toHaveLength(2);
    expect(server.connections).toBe(1);
  });

  test('that the server closes in the very moment of a second call: told as it was, never sent twice', async () => {
    const server = await startServer(answerWith(accepted));
    const client = clientOf(`http://127.0.0.1:${server.port}`);
    await client.call('CreateAigcImageTask', {}, create);
    await setImmediate();
    for (const socket of server.sockets) socket.resetAndDestroy();
    const outcome = await client.call('CreateAigcImageTask', {}, create).then(
      () => 'ok',
      (error: unknown) => (error instanceof UpstreamCallError ? error.phase : error),
    );
    // Whichever side was faster: on a new connection, on none, or on the dying one. What matters is that it is true.
    expect(['ok', 'not-connected', 'no-answer']).toContain(outcome);
    expect(server.requests).toHaveLength(outcome === 'ok' ? 2 : 1);
  });
});
