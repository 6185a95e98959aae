import { request as httpRequest } from 'node:http';
import { buffer } from 'node:stream/consumers';
import { gunzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startTestServer, type TestServer } from './test-server.ts';

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer();
});
afterAll(() => server.close());

const long = 'query ($kilobytes: Int!) { big(kilobytes: $kilobytes) }';
const xs = (kilobytes: number) => ({ data: { big: 'x'.repeat(kilobytes * 1024) } });

/** As it comes: fetch unpacks it. */
function post(url: string, operation: object, headers: Record<string, string>) {
  const { promise, resolve, reject } = Promise.withResolvers<{
    encoding: string | undefined;
    vary: string | undefined;
    body: Buffer;
  }>();
  httpRequest(`${url}/graphql`, { method: 'POST', headers: { 'content-type': 'application/json', ...headers } })
    .once('error', reject)
    .once('response', (response) => {
      const { 'content-encoding': encoding, vary } = response.headers;
      buffer(response).then((body) => resolve({ encoding, vary, body }), reject);
    })
    .end(JSON.stringify(operation));
  return promise;
}

describe('an answer of 4 kB and more', () => {
  test('is compressed for who takes it, when its document is new and when it is known', async () => {
    const operation = { query: `${long} # compressed`, variables: { kilobytes: 64 } };
    for (const state of ['new', 'known']) {
      const { encoding, vary, body } = await post(server.url, operation, { 'accept-encoding': 'br, gzip' });
      expect({ state, encoding, vary }).toEqual({ state, encoding: 'gzip', vary: 'Accept-Encoding' });
      expect(body.length).toBeLessThan(1_024);
      expect(JSON.parse(gunzipSync(body).toString())).toEqual(xs(64));
    }
  });

  test.each([{}, { 'accept-encoding': 'identity' }, { 'accept-encoding': 'gzip;q=0' }])(
    'is sent as it is to a client with %j',
    async (headers) => {
      const { encoding, vary, body } = await post(server.url, { query: long, variables: { kilobytes: 4 } }, headers);
      expect({ encoding, vary }).toEqual({ encoding: undefined, vary: 'Accept-Encoding' });
      expect(JSON.parse(body.toString())).toEqual(xs(4));
    },
  );

  test('is sent as it is where compression is off', async () => {
    await using plain = await startTestServer({ compression: false });
    const operation = { query: long, variables: { kilobytes: 64 } };
    for (const state of ['new', 'known']) {
      const { encoding, vary, body } = await post(plain.url, operation, { 'accept-encoding': 'gzip' });
      expect({ state, encoding, vary }).toEqual({ state, encoding: undefined, vary: undefined });
      expect(JSON.parse(body.toString())).toEqual(xs(64));
    }
  });
});

test('shorter answers, and streams, are sent as they are', async () => {
  const headers = { 'accept-encoding': 'gzip' };
  const short = await post(server.url, { query: long, variables: { kilobytes: 3 } }, headers);
  expect([short.encoding, short.vary]).toEqual([undefined, undefined]);
  expect(JSON.parse(short.body.toString())).toEqual(xs(3));
  const stream = await post(
    server.url,
    { query: 'subscription { count(to: 2) }' },
    { ...headers, accept: 'text/event-stream' },
  );
  expect(stream.encoding).toBe('none');
  expect(stream.body.toString()).toContain('event: next');
});
