import { once } from 'node:events';
import { createServer, request as httpRequest } from 'node:http';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { systemClock } from '../../src/kit/clock.ts';
import { maxRequestBytes } from '../../src/http/request/request-body.ts';
import { findBrowser, startBrowser } from '../support/browser.ts';
import { bearer, createKeyring } from './keyring.ts';
import { post, startTestServer, type TestServer } from './test-server.ts';

const browserPath = await findBrowser();
const app = 'https://app.example';
const other = 'https://other.example';
const hello = { query: '{ hello }' };
const keyring = createKeyring(systemClock);
keyring.issue('alice');
const { authentication } = keyring;

let server: TestServer;
let forAll: TestServer;
beforeAll(async () => {
  const access = { authenticated: true, rateLimit: 1_000 };
  server = await startTestServer({ authentication, access: { ...access, corsOrigins: [app, 'https://b.example'] } });
  forAll = await startTestServer({ authentication, access: { ...access, corsOrigins: ['*'] } });
});
afterAll(() => Promise.all([server.close(), forAll.close()]));

function preflight(url: string, origin: string): Promise<Response> {
  const headers = {
    origin,
    'access-control-request-method': 'POST',
    'access-control-request-headers': 'authorization,content-type',
  };
  return fetch(`${url}/graphql`, { method: 'OPTIONS', headers });
}

function corsHeadersOf({ headers }: Response): Record<string, string> {
  return Object.fromEntries([...headers].filter(([name]) => name.startsWith('access-control-') || name === 'vary'));
}

describe('a page of a listed origin', () => {
  test('may ask first, and is told what it may send', async () => {
    const answered = await preflight(server.url, app);
    expect([answered.status, await answered.text()]).toEqual([204, '']);
    const headers = corsHeadersOf(answered);
    expect(headers).toMatchObject({
      'access-control-allow-origin': app,
      'access-control-allow-methods': 'POST',
      'access-control-max-age': '7200',
      vary: 'Origin',
    });
    const names = headers['access-control-allow-headers']?.split(', ');
    expect(names).toEqual(expect.arrayContaining(['content-type', 'authorization', 'apollographql-client-name']));
    expect(headers).not.toHaveProperty('access-control-allow-credentials');
  });

  const readable = {
    'access-control-allow-origin': app,
    'access-control-expose-headers': 'Retry-After, WWW-Authenticate',
    vary: 'Origin',
  };

  test('may read answers and streams of events', async () => {
    const headers = { origin: app, ...bearer('alice') };
    const answered = await post(server.url, hello, headers);
    expect(corsHeadersOf(answered)).toEqual(readable);
    expect(await answered.json()).toEqual({ data: { hello: 'world' } });
    const stream = await post(
      server.url,
      { query: 'subscription { count(to: 1) }' },
      { ...headers, accept: 'text/event-stream' },
    );
    expect(corsHeadersOf(stream)).toEqual(readable);
    await stream.text();
  });

  test.each<[number, unknown, Record<string, string>]>([
    [401, hello, {}],
    [415, hello, { ...bearer('alice'), 'content-type': 'text/plain' }],
    [400, '{ broken', bearer('alice')],
    [413, 'x'.repeat(maxRequestBytes + 1), bearer('alice')],
  ])('may read why it was refused: %d', async (status, body, headers) => {
    const refused = await post(server.url, body, { origin: app, ...headers });
    expect(refused.status).toBe(status);
    expect(corsHeadersOf(refused)).toEqual(readable);
  });

  test('may read that it asked too often', async () => {
    await using slow = await startTestServer({
      authentication,
      access: { authenticated: true, corsOrigins: [app], rateLimit: 0.1 },
    });
    const headers = { origin: app, ...bearer('alice') };
    const answers = [await post(slow.url, hello, headers), await post(slow.url, hello, headers)];
    expect(answers.map(({ status }) => status)).toEqual([200, 429]);
    for (const answered of answers) expect(corsHeadersOf(answered)).toEqual(readable);
  });
});

describe('a page of another origin', () => {
  test.each([
    other,
    'http://app.example',
    'https://app.example:8443',
    'https://evil-app.example',
    'https://app.example.evil.example',
    'null',
  ])('is let in by no header: %s', async (origin) => {
    const [asked, answered] = await Promise.all([
      preflight(server.url, origin),
      post(server.url, hello, { origin, ...bearer('alice') }),
    ]);
    expect(asked.status).toBe(403);
    expect([corsHeadersOf(asked), corsHeadersOf(answered)]).toEqual([{ vary: 'Origin' }, { vary: 'Origin' }]);
  });

  test('learns nothing of the pages and the files beside the endpoint, whatever its origin', async () => {
    const paths = ['/graphql', '/health/live', '/metrics', '/nowhere'];
    const answers = await Promise.all(
      paths.map((path) => fetch(server.url + path, { headers: { origin: app, accept: 'text/html' } })),
    );
    for (const answered of answers) expect(answered.headers.get('access-control-allow-origin')).toBeNull();
  });
});

test('pages of all origins may call where that is what was configured, still without cookies', async () => {
  const asked = await preflight(forAll.url, other);
  const answered = await post(forAll.url, hello, { origin: other, ...bearer('alice') });
  expect([asked.status, answered.status]).toEqual([204, 200]);
  for (const response of [asked, answered]) {
    expect(response.headers.get('access-control-allow-origin')).toBe('*');
    expect(response.headers.get('access-control-allow-credentials')).toBeNull();
  }
});

test('a WebSocket is opened for pages of listed origins only', async () => {
  const handshake = (url: string, origin: string): Promise<number | undefined> => {
    const answered = Promise.withResolvers<number | undefined>();
    const headers = {
      origin,
      Connection: 'Upgrade',
      Upgrade: 'websocket',
      'Sec-WebSocket-Version': '13',
      'Sec-WebSocket-Key': 'AAAAAAAAAAAAAAAAAAAAAA==',
      'Sec-WebSocket-Protocol': 'graphql-transport-ws',
    };
    const asking = httpRequest(`${url}/graphql`, { headers }, ({ statusCode }) => answered.resolve(statusCode));
    asking.on('upgrade', ({ statusCode }, socket) => {
      socket.destroy();
      answered.resolve(statusCode);
    });
    asking.on('error', answered.reject).end();
    return answered.promise;
  };
  expect(await handshake(server.url, app)).toBe(101);
  expect(await handshake(server.url, server.url)).toBe(101);
  expect(await handshake(server.url, other)).toBe(403);
  expect(await handshake(forAll.url, other)).toBe(101);
});

describe.skipIf(browserPath === null)('in a browser', { timeout: 60_000 }, () => {
  let browser: Browser;
  let page: Page;
  let pageUrl: string;
  const pages = createServer((_request, response) => {
    response.setHeader('Content-Type', 'text/html').end('<!doctype html><title>Another origin</title>');
  });

  beforeAll(async () => {
    pages.listen(0, '127.0.0.1');
    await once(pages, 'listening');
    const address = pages.address();
    pageUrl = `http://127.0.0.1:${typeof address === 'object' && address ? address.port : 0}`;
    browser = await startBrowser(browserPath ?? '');
    page = await browser.newPage();
    await page.goto(pageUrl);
  });
  afterAll(async () => {
    await browser.close();
    pages.close();
  });

  /** What the page could read: status, data or errors' codes, and whether its socket was opened. */
  const call = (url: string, authorization: string) =>
    page.evaluate(
      async ([endpoint, header]) => {
        const answer = await fetch(endpoint, {
          method: 'POST',
          headers: { 'content-type': 'application/json', authorization: header },
          body: JSON.stringify({ query: '{ hello }' }),
        }).then(
          async (response) => ({ status: response.status, body: await response.json() }),
          () => 'not readable',
        );
        const socket = new WebSocket(endpoint.replace('http', 'ws'), 'graphql-transport-ws');
        const opened = await new Promise((resolve) => {
          socket.addEventListener('open', () => resolve(true));
          socket.addEventListener('error', () => resolve(false));
        });
        socket.close();
        return { answer, opened };
      },
      [`${url}/graphql`, authorization] as const,
    );

  test('a listed page reads answers and refusals, although answers are for this origin by their own headers', async () => {
    await using listed = await startTestServer({
      authentication,
      access: { authenticated: true, corsOrigins: [pageUrl] },
    });
    expect(await call(listed.url, 'Bearer alice')).toEqual({
      answer: { status: 200, body: { data: { hello: 'world' } } },
      opened: true,
    });
    expect(await call(listed.url, 'Bearer unknown')).toMatchObject({
      answer: { status: 401, body: { errors: [{ extensions: { code: 'UNAUTHENTICATED' } }] } },
    });
  });

  test('another page reads nothing, and has nothing executed', async () => {
    expect(await call(server.url, 'Bearer alice')).toEqual({ answer: 'not readable', opened: false });
    await using closed = await startTestServer();
    const simple = await page.evaluate(
      async (endpoint) =>
        await fetch(endpoint, {
          method: 'POST',
          mode: 'no-cors',
          body: JSON.stringify({ query: 'mutation { slowly }' }),
        }).then(
          ({ type }) => type,
          () => 'refused',
        ),
      `${closed.url}/graphql`,
    );
    expect(simple).toBe('refused');
    expect(closed.gate.waiting).toBe(0);
  });
});
