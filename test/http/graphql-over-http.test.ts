import { request as httpRequest } from 'node:http';
import { brotliCompressSync, deflateSync, gzipSync, zstdCompressSync } from 'node:zlib';
import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { maxRequestBytes } from '../../src/http/request/request-body.ts';
import { exchange, postText, requestText } from './raw-connection.ts';
import { post, startTestServer } from './test-server.ts';

let server: Awaited<ReturnType<typeof startTestServer>>;
beforeAll(async () => {
  server = await startTestServer();
});
afterAll(() => server.close());

const hello = { query: '{ hello }' };

describe('a good request', () => {
  test('is answered in the media type it accepts', async () => {
    const plain = await post(server.url, hello);
    expect(plain.status).toBe(200);
    expect(plain.headers.get('content-type')).toBe('application/json; charset=utf-8');
    expect(await plain.json()).toEqual({ data: { hello: 'world' } });

    const graphql = await post(server.url, hello, { accept: 'application/graphql-response+json' });
    expect(graphql.headers.get('content-type')).toBe('application/graphql-response+json; charset=utf-8');
    expect(await graphql.json()).toEqual({ data: { hello: 'world' } });
  });

  test('may say its charset and carry parameters that nobody knows', async () => {
    const answered = await post(
      server.url,
      { ...hello, someday: 1 },
      { 'content-type': 'Application/JSON; charset=UTF-8' },
    );
    expect(await answered.json()).toEqual({ data: { hello: 'world' } });
  });

  test('may be chunked', async () => {
    const { status, body } = await postInChunks(JSON.stringify(hello));
    expect(status).toBe(200);
    expect(JSON.parse(body)).toEqual({ data: { hello: 'world' } });
  });

  test('may offer an upgrade to HTTP/2, as clients in Java do', async () => {
    const offer = {
      Connection: 'Upgrade, HTTP2-Settings, close',
      Upgrade: 'h2c',
      'HTTP2-Settings': 'AAEAAEAAAAIAAAAB',
    };
    const answered = await exchange(server.port, postText(hello, offer));
    expect(answered).toMatch(/^HTTP\/1\.1 200 /);
    expect(answered).toContain('{"data":{"hello":"world"}}');
  });

  test('is the local caller’s, from any sender, as long as no authentication is configured', async () => {
    const answered = await post(server.url, { query: '{ owner }' });
    expect(await answered.json()).toEqual({ data: { owner: 'local' } });
  });
});

describe('what a client accepts', () => {
  const mutation = { query: 'mutation { slowly }' };

  test.each([
    'text/html',
    'text/html, image/*',
    'application/json;q=0',
    'application/json; q=0.0, text/html',
    '*/*;q=0',
    'application/json;charset=latin1',
    'json',
  ])('is nothing that there is: 406, and nothing was executed: %s', async (accept) => {
    await using counting = await startTestServer();
    counting.gate.open();
    const answered = await post(counting.url, mutation, { accept });
    expect([answered.status, await codesOf(answered)]).toEqual([406, ['BAD_USER_INPUT']]);
    expect(counting.gate.waiting).toBe(0);
  });

  test.each([
    '*/*',
    'application/*',
    'Application/JSON; Charset=UTF-8',
    'application/graphql-response+json',
    'text/event-stream',
    'multipart/mixed',
    'text/html, */*;q=0.1',
    'text/html;q=0, application/json ; q=0.5',
    'application/json;q=0, */*',
  ])('is something that there is: %j', async (accept) => {
    await using counting = await startTestServer();
    counting.gate.open();
    const answered = await post(counting.url, mutation, { accept });
    expect([answered.status, await answered.text()]).toEqual([200, expect.stringContaining('{"slowly":"done"}')]);
    expect(counting.gate.waiting).toBe(1);
  });

  test.each([{}, { Accept: '' }])('may be left open', async (headers) => {
    const answered = await exchange(server.port, postText(hello, headers));
    expect(answered).toMatch(/^HTTP\/1\.1 200 /);
  });
});

describe('a request that is refused before GraphQL sees it', () => {
  test.each([
    ['application/x-www-form-urlencoded', 'query={hello}'],
    ['multipart/form-data; boundary=x', '--x--'],
    ['text/plain', '{"query":"{hello}"}'],
    ['application/graphql', '{hello}'],
    ['application/json; charset=latin1', '{"query":"{hello}"}'],
    ['application/jsonp', '{"query":"{hello}"}'],
  ])('has the content type %s: 415', async (contentType, body) => {
    const answered = await post(server.url, body, { 'content-type': contentType });
    expect(answered.status).toBe(415);
    expect(await codesOf(answered)).toEqual(['BAD_USER_INPUT']);
  });

  test.each([
    ['gzip', gzipSync],
    ['deflate', deflateSync],
    ['br', brotliCompressSync],
    ['zstd', zstdCompressSync],
    ['gzip, identity', gzipSync],
  ])('has a body compressed by %s, which could be a bomb: 415', async (encoding, compress) => {
    const body = compress(bodyOf(maxRequestBytes));
    const headers = { 'content-type': 'application/json', 'content-encoding': encoding };
    const answered = await fetch(`${server.url}/graphql`, { method: 'POST', headers, body });
    expect(answered.status).toBe(415);
    expect(answered.headers.get('accept-encoding')).toBe('identity');
    const control = await post(server.url, hello, { 'content-encoding': 'identity' });
    expect(control.status).toBe(200);
  });

  test('has no body: 411', async () => {
    const answered = await exchange(server.port, requestText('POST /graphql', { 'Content-Type': 'application/json' }));
    expect(answered).toMatch(/^HTTP\/1\.1 411 /);
  });

  test('has a body over the limit: 413, and the connection is closed', async () => {
    const answered = await post(server.url, bodyOf(maxRequestBytes + 1));
    expect(answered.status).toBe(413);
    expect(answered.headers.get('connection')).toBe('close');
    expect(await codesOf(answered)).toEqual(['BAD_USER_INPUT']);

    const control = await post(server.url, bodyOf(maxRequestBytes));
    expect(await control.json()).toEqual({ data: { hello: 'world' } });
  });

  test('has a body far over the limit: 413, also for a client that listens only after it has sent it all', async () => {
    const body = bodyOf(16 * maxRequestBytes);
    const head = `POST /graphql HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: ${body.length}\r\n\r\n`;
    const socket = connect(server.port, '127.0.0.1');
    socket.pause();
    await new Promise<void>((resolve, reject) => {
      socket.write(head + body, (error) => (error ? reject(error) : resolve()));
    });
    expect(await text(socket)).toMatch(/^HTTP\/1\.1 413 /);
  });

  test('has a chunked body over the limit: 413', async () => {
    expect(await postInChunks(bodyOf(maxRequestBytes + 1))).toMatchObject({ status: 413 });
    expect(await postInChunks(bodyOf(maxRequestBytes))).toMatchObject({ status: 200 });
  });

  test.each(['GET', 'HEAD', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'TRACE'])('comes by %s: 405', async (method) => {
    const secret = { 'X-Secret': 'secret-prompt' };
    const answered = await exchange(server.port, requestText(`${method} /graphql?query={hello}`, secret));
    expect(answered).toMatch(/^HTTP\/1\.1 405 [^]*\r\nAllow: POST\r\n/);
    expect(answered).not.toMatch(/world|secret/);
  });

  test.each([
    ['is not JSON', '{"query": "{hello}", secret-prompt'],
    ['is empty', ''],
    ['is an array, which would be a batch', [hello, hello]],
    ['is an array of one', [hello]],
    ['is not an object', '"secret-prompt"'],
    ['is null', 'null'],
    ['has no query', { variables: {} }],
    ['has a query that is no string', { query: { secret: 'secret-prompt' } }],
    ['has variables that are no object', { ...hello, variables: ['secret-prompt'] }],
    ['has an operation name that is no string', { ...hello, operationName: 1 }],
  ])('has a body that %s: 400, and none of it is repeated', async (_why, body) => {
    const answered = await post(server.url, body);
    expect(answered.status).toBe(400);
    const answer = await answered.text();
    expect(JSON.parse(answer)).toMatchObject({ errors: [{ extensions: { code: 'BAD_USER_INPUT' } }] });
    expect(answer).not.toContain('secret');
  });
});

describe('a document', () => {
  test.each([
    ['a syntax error', { query: '{ hello' }, 'GRAPHQL_PARSE_FAILED'],
    ['an unknown field', { query: '{ nope }' }, 'GRAPHQL_VALIDATION_FAILED'],
    ['a variable that is missing', { query: 'query ($t: String!) { echo(text: $t) }' }, 'BAD_USER_INPUT'],
    ['an operation that is not there', { ...hello, operationName: 'Other' }, 'BAD_USER_INPUT'],
    ['several operations and no choice', { query: 'query A { hello } query B { hello }' }, 'BAD_USER_INPUT'],
  ])('with %s is answered 400, with a code', async (_why, body, code) => {
    const answered = await post(server.url, body, { accept: 'application/graphql-response+json' });
    expect(answered.status).toBe(400);
    expect(await codesOf(answered)).toEqual([code]);
  });

  test('may have 4,000 tokens and no more', async () => {
    const tooLong = await post(server.url, { query: `{ ${'hello '.repeat(4_000)} }` });
    expect(await codesOf(tooLong)).toEqual(['TOO_COMPLEX']);
    const fields = Array.from({ length: 490 }, (_, index) => `a${index}: echo(text: "a")`);
    const control = await post(server.url, { query: `{ nested { ${fields.join(' ')} } }` });
    expect(await control.json()).toMatchObject({ data: { nested: { a0: 'a', a489: 'a' } } });
  });

  test('nested thousands of levels deep does no harm', async () => {
    const query = `{ ${'nested { '.repeat(12_000)} hello ${'}'.repeat(12_001)}`;
    expect(await codesOf(await post(server.url, { query }))).toEqual(['TOO_COMPLEX']);
  });

  test('with hundreds of mistakes is told the first of them', async () => {
    const query = `{ nested { ${Array.from({ length: 400 }, (_, index) => `nope${index}`).join(' ')} } }`;
    expect(await codesOf(await post(server.url, { query }))).toHaveLength(5);
  });
});

test('of hundreds of failures the first are told, beside what did work', async () => {
  const fields = Array.from({ length: 99 }, (_, index) => `a${index}: broken`).join(' ');
  const answered: unknown = await (await post(server.url, { query: `{ hello ${fields} }` })).json();
  const failures = ['a0', 'a1', 'a2', 'a3', 'a4'].map((name) => expect.objectContaining({ path: [name] }));
  expect(answered).toMatchObject({ data: { hello: 'world', a98: null }, errors: failures });
});

test('an unexpected error is masked, and its neighbours are answered', async () => {
  const answered = await post(server.url, { query: '{ hello broken }' });
  const answer = await answered.text();
  expect(JSON.parse(answer)).toMatchObject({
    data: { hello: 'world', broken: null },
    errors: [{ path: ['broken'], extensions: { code: 'INTERNAL_SERVER_ERROR' } }],
  });
  expect(answer).not.toContain('hunter2');
});

async function codesOf(response: Response): Promise<unknown[]> {
  const { errors }: { errors: { extensions?: { code?: unknown } }[] } = JSON.parse(await response.text());
  return errors.map(({ extensions }) => extensions?.code);
}

function bodyOf(bytes: number): string {
  const frame = JSON.stringify({ ...hello, variables: { filling: '' } });
  return frame.replace('""', `"${'x'.repeat(bytes - frame.length)}"`);
}

function postInChunks(body: string): Promise<{ status: number | undefined; body: string }> {
  const answered = Promise.withResolvers<{ status: number | undefined; body: string }>();
  const headers = { 'Content-Type': 'application/json', 'Transfer-Encoding': 'chunked' };
  const sending = httpRequest(`${server.url}/graphql`, { method: 'POST', headers }, (response) => {
    text(response).then((answer) => answered.resolve({ status: response.statusCode, body: answer }), answered.reject);
  });
  sending.on('error', answered.reject);
  for (let start = 0; start < body.length; start += 65_536) sending.write(body.slice(start, start + 65_536));
  sending.end();
  return answered.promise;
}
